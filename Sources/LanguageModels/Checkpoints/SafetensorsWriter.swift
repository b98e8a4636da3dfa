import OrderedJSON

extension SafetensorsFile {
    /// Writes tensors, in the order given, with `"format": "pt"` as transformers wants it.
    ///
    /// The file appears complete or not at all. Equal tensors give equal bytes.
    ///
    /// - Parameters:
    ///   - tensors: Under different names.
    ///   - precision: The element type; values are rounded to nearest, ties to even.
    /// - Throws: `LanguageModelError.file`.
    public static func write(
        _ tensors: [StoredTensor], to path: String, precision: StoredPrecision = .float32
    ) throws(LanguageModelError) {
        let file = try AtomicFile(path: path)
        try file.write(header(of: tensors, precision: precision))
        for tensor in tensors {
            switch precision {
            case .float32: try file.write(tensor.values)
            case .bfloat16: try file.write(HalfPrecision.bfloat16(tensor.values))
            case .float16: try file.write(HalfPrecision.float16(tensor.values))
            }
        }
        try file.commit()
    }

    /// The length and the JSON text, filled with spaces so that the data starts at a multiple of 8.
    private static func header(
        of tensors: [StoredTensor], precision: StoredPrecision
    ) -> [UInt8] {
        let elementSize = precision == .float32 ? 4 : 2
        var object = JSONObject([
            (SafetensorsHeader.metadataKey, .object(JSONObject([("format", "pt")])))
        ])
        var offset = 0
        for tensor in tensors {
            precondition(object[tensor.name] == nil, "two tensors are named \(tensor.name)")
            let end = offset + tensor.values.count * elementSize
            object[tensor.name] = .object(
                JSONObject([
                    ("dtype", .string(precision.rawValue)),
                    ("shape", .array(tensor.shape.map { .integer($0) })),
                    ("data_offsets", [.integer(offset), .integer(end)]),
                ]))
            offset = end
        }
        var text = Array(JSON.object(object).text.utf8)
        while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
        let length = UInt64(text.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + text
    }
}
