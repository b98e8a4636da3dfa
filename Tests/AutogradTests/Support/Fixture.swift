import Foundation

/// Files beside the tests: values made by the scripts in `Tests/References`.
enum Fixture {
    /// A file or folder under `Tests`.
    static func url(_ path: String, from file: String = #filePath) -> URL {
        URL(fileURLWithPath: file)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent(path)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(contentsOf: url(path)))
    }
}
