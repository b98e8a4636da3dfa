import Foundation

/// The public operations of the engine, read from its source text.
enum PublicOperations {
    /// Signatures in `Sources/Autograd/Operations`, such as `rows(of:at:)`, without the members of
    /// types declared there. Operators are written with their parameters' names.
    static func declared() throws -> Set<String> {
        let folder = Fixture.url("../Sources/Autograd/Operations")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        var result: Set<String> = []
        for file in files.sorted() where file.hasSuffix(".swift") {
            let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            result.formUnion(signatures(in: text))
        }
        return result
    }

    static func signatures(in text: String) -> Set<String> {
        var result: Set<String> = []
        var container = ""
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            if !line.isEmpty && !line.hasPrefix(" ") { container = String(line) }
            let words = line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
            let isMember = line.hasPrefix(" ")
            guard words.first == "public", !isMember || container.hasPrefix("extension Tensor"),
                let kind = words.firstIndex(where: { $0 == "func" || $0 == "var" }),
                kind + 1 < words.count
            else { continue }
            let name = words[kind + 1].prefix { !"(:<".contains($0) }
            if words[kind] == "var" {
                result.insert(String(name))
            } else {
                let rest = lines[number...].prefix(8).joined(separator: "\n")
                result.insert("\(name)(\(labels(of: rest)))")
            }
        }
        return result
    }

    /// `a:b:` of the first parameter list in `declaration`.
    private static func labels(of declaration: String) -> String {
        var depth = 0
        var isLabel = false
        var label = ""
        var result = ""
        for character in declaration {
            if "([".contains(character) {
                depth += 1
                isLabel = depth == 1
                label = ""
            } else if ")]".contains(character) {
                depth -= 1
                if depth == 0 { break }
            } else if depth == 1 && character == "," {
                isLabel = true
                label = ""
            } else if isLabel && character == ":" {
                result += (label.split(whereSeparator: \.isWhitespace).first ?? "") + ":"
                isLabel = false
            } else if isLabel {
                label.append(character)
            }
        }
        return result
    }
}
