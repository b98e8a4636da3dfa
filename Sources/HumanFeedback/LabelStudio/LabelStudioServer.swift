import OrderedJSON

/// The web interface of a Label Studio server: what is asked of it, with the key and the errors.
///
/// Made for the community edition 1.23; everything is one request after the other.
public final class LabelStudioServer {
    /// How requests get to the server: base address and request to answer.
    public typealias Transport = (HTTPRequest, String) throws(HTTPProblem) -> HTTPResponse

    /// Without a slash at the end.
    public let address: String
    private let key: LabelStudioKey
    private let transport: Transport
    /// The access token of a personal access token, renewed when the server no longer takes it.
    private var access: String?

    /// - Parameters:
    ///   - key: A legacy token or a personal access token.
    ///   - transport: Usually `HTTPClient.send`.
    /// - Throws: `LabelStudioError.noKey`, `.malformedKey`.
    public init(
        address: String, key: String, transport: @escaping Transport
    ) throws(LabelStudioError) {
        if key.isEmpty { throw .noKey }
        guard LabelStudioKey.isPossible(key) else { throw .malformedKey }
        var address = address
        while address.last == "/" { address.removeLast() }
        self.address = address
        self.key = LabelStudioKey(key)
        self.transport = transport
    }

    /// The server's version, which anybody may ask.
    public func version() throws(LabelStudioError) -> String {
        let response = try exchange(HTTPRequest("GET", "/api/version"))
        guard response.status == 200, let json = try? JSON(parsing: response.body),
            let release = json["release"]?.stringValue
        else { throw .notLabelStudio(server: address, status: response.status) }
        return release
    }

    /// Sends JSON and answers the server's JSON.
    ///
    /// - Parameter what: What is tried, for messages: `import tasks`.
    func ask(
        _ method: String, _ target: String, _ json: JSON? = nil, what: String
    ) throws(LabelStudioError) -> JSON {
        let response = try send(method, target, json, what: what)
        if response.body.isEmpty { return .null }
        do { return try JSON(parsing: response.body) } catch {
            throw .strangeAnswer(
                server: address, what: what,
                problem: "line \(error.line), column \(error.column): \(error.problem)")
        }
    }

    /// Sends JSON and answers the bytes of a success.
    func send(
        _ method: String, _ target: String, _ json: JSON? = nil, what: String
    ) throws(LabelStudioError) -> HTTPResponse {
        let body = json.map { Array($0.text.utf8) } ?? []
        var response = try exchange(
            HTTPRequest(method, target, headers: try headers(json != nil), body: body))
        if response.status == 401, case .personal = key, access != nil {
            access = nil
            response = try exchange(
                HTTPRequest(method, target, headers: try headers(json != nil), body: body))
        }
        if (200..<300).contains(response.status) { return response }
        throw failure(response, what: what)
    }

    private func headers(_ hasBody: Bool) throws(LabelStudioError) -> [String] {
        let authorization =
            switch key {
            case .legacy(let token): "Token " + token
            case .personal(let token): "Bearer " + (try accessToken(for: token))
            }
        let lines = ["Authorization: " + authorization, "Accept: application/json"]
        return hasBody ? lines + ["Content-Type: application/json"] : lines
    }

    private func accessToken(for refresh: String) throws(LabelStudioError) -> String {
        if let access { return access }
        let body = JSON.object(JSONObject([("refresh", .string(refresh))]))
        let response = try exchange(
            HTTPRequest(
                "POST", "/api/token/refresh", headers: ["Content-Type: application/json"],
                body: Array(body.text.utf8)))
        guard response.status == 200,
            let token = (try? JSON(parsing: response.body))?["access"]?.stringValue
        else {
            if response.status == 401 { throw .expiredKey(server: address) }
            throw failure(response, what: "exchange the key")
        }
        access = token
        return token
    }

    private func exchange(_ request: HTTPRequest) throws(LabelStudioError) -> HTTPResponse {
        do { return try transport(request, address) } catch {
            throw .noAnswer(server: address, error)
        }
    }

    private func failure(_ response: HTTPResponse, what: String) -> LabelStudioError {
        // Said by servers that stand before Label Studio, in a page rather than in JSON.
        if response.status == 413 {
            return .refused(
                server: address, what: what, status: 413,
                words: "one request is larger than the server takes")
        }
        let json = try? JSON(parsing: response.body)
        guard let json, json["status_code"] != nil || json["detail"] != nil else {
            return response.status >= 500
                ? .refused(server: address, what: what, status: response.status, words: "")
                : .notLabelStudio(server: address, status: response.status)
        }
        var words = json["detail"]?.stringValue ?? ""
        if let errors = json["validation_errors"], !errors.isNull { words = Self.words(errors) }
        switch response.status {
        case 401 where words.contains("legacy token"): return .legacyKeysAreOff(server: address)
        case 401: return .wrongKey(server: address)
        case 403: return .notAllowed(server: address, what: what)
        default:
            return .refused(server: address, what: what, status: response.status, words: words)
        }
    }

    /// The texts of a tree of validation errors, one after the other.
    private static func words(_ json: JSON) -> String {
        if let text = json.stringValue { return text }
        if let list = json.arrayValue { return list.map(words).joined(separator: "; ") }
        if let object = json.objectValue {
            return object.map { words($0.value) }.joined(separator: "; ")
        }
        return json.text
    }
}
