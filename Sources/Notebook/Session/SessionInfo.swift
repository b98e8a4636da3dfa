import Autograd
import OrderedJSON

/// What `session.json` says: who the session is, and the settings that its results depend on.
struct SessionInfo: Equatable, Sendable {
    /// The version of the folder's format that this program writes and the newest it reads.
    static let schema = 1

    /// Stays the same for ever, also when the folder is renamed or copied.
    var id: String
    /// The name given with `:save`, or that of the folder.
    var name: String
    var created: String
    var seed: Int
    /// Into how many parts a batch is cut; results depend on it, threads do not matter.
    var shards: Int
    /// `f32` or `bf16`.
    var precision: String
    /// The version of the program that made the session.
    var engine: String
    /// The instruction set it was made for: another one may differ in the last bits.
    var instructionSet: String
    var tutorial: TutorialReference?
    /// The values of the tutorial's parameters, and which were set (``Parameters/json``).
    var parameters: JSON?
    /// Keys of later versions, kept when the file is written again.
    var otherKeys = JSONObject()

    /// The tutorial that a session follows.
    struct TutorialReference: Equatable, Sendable {
        var path: String
        var digest: Digest
    }

    init(
        name: String, seed: Int, shards: Int, precision: String, engine: String,
        instructionSet: String, tutorial: TutorialReference? = nil
    ) {
        created = Timestamp.now()
        id = "\(Timestamp.fileName(created))-\(String(UInt32.random(in: .min ... .max), radix: 16))"
        self.name = name
        self.seed = seed
        self.shards = shards
        self.precision = precision
        self.engine = engine
        self.instructionSet = instructionSet
        self.tutorial = tutorial
    }

    var json: JSON {
        var object = JSONObject([
            ("schema", .integer(Self.schema)), ("id", .string(id)), ("name", .string(name)),
            ("created", .string(created)), ("seed", .integer(seed)), ("shards", .integer(shards)),
            ("precision", .string(precision)), ("engine", .string(engine)),
            ("instruction_set", .string(instructionSet)),
        ])
        if let tutorial {
            object["tutorial"] = [
                "path": .string(tutorial.path), "sha256": .string(tutorial.digest.hex),
            ]
        }
        object["parameters"] = parameters
        for (key, value) in otherKeys where object[key] == nil { object[key] = value }
        return .object(object)
    }

    /// Reads the bytes of `session.json`; `path` is for messages. A newer format can be looked at
    /// where it still says what is needed.
    ///
    /// - Throws: `SessionError.malformed`, `.newerFormat`.
    init(
        _ bytes: [UInt8], path: String, acceptsNewer: Bool = false
    ) throws(SessionError) {
        let reader = try InfoReader(bytes, path: path)
        let schema = try reader.integer("schema")
        guard schema <= Self.schema || acceptsNewer else {
            throw .newerFormat(path: path, found: schema, supported: Self.schema)
        }
        id = try reader.string("id")
        name = try reader.string("name")
        created = try reader.string("created")
        seed = try reader.integer("seed")
        shards = try reader.integer("shards")
        precision = try reader.string("precision")
        engine = try reader.string("engine")
        instructionSet = try reader.string("instruction_set")
        tutorial = try reader.tutorial()
        parameters = reader.object["parameters"]
        let ownKeys = json.objectValue?.keys ?? []
        otherKeys = reader.object
        for key in ownKeys { otherKeys.removeValue(forKey: key) }
    }
}

/// Takes the values out of `session.json`, with a sentence for each that is not there.
private struct InfoReader {
    let path: String
    let object: JSONObject

    init(_ bytes: [UInt8], path: String) throws(SessionError) {
        self.path = path
        let json: JSON
        do {
            json = try JSON(parsing: bytes)
        } catch {
            throw .malformed(path: path, line: error.line, problem: error.problem)
        }
        guard let object = json.objectValue else {
            throw .malformed(
                path: path, line: 1, problem: "it is to be an object, found \(json.kind)")
        }
        self.object = object
    }

    func string(_ key: String) throws(SessionError) -> String {
        guard let value = object[key]?.stringValue else { throw missing(key, "a string") }
        return value
    }

    func integer(_ key: String) throws(SessionError) -> Int {
        guard let value = object[key]?.intValue else { throw missing(key, "an integer") }
        return value
    }

    func tutorial() throws(SessionError) -> SessionInfo.TutorialReference? {
        guard let json = object["tutorial"], !json.isNull else { return nil }
        guard let path = json["path"]?.stringValue,
            let digest = json["sha256"]?.stringValue.flatMap(Digest.init(_:))
        else { throw missing("tutorial", "an object with \"path\" and \"sha256\"") }
        return SessionInfo.TutorialReference(path: path, digest: digest)
    }

    private func missing(_ key: String, _ expected: String) -> SessionError {
        let found = object[key]?.kind ?? "nothing"
        return .malformed(
            path: path, line: 1, problem: "\"\(key)\" is to be \(expected), found \(found)")
    }
}

extension SessionInfo {
    /// The precision that the session's results depend on.
    ///
    /// - Throws: `CommandError` where this machine cannot compute in it.
    func supportedPrecision() throws -> Precision {
        guard let precision = Precision(rawValue: precision), precision.isSupported else {
            throw CommandError(
                "the session was made with \(self.precision) products, which this processor or "
                    + "build has not (\(KernelTarget.name)); open it on a machine that has them")
        }
        return precision
    }
}
