internal import CWebTransfer
internal import Glibc

/// Why a server gave no answer.
public enum HTTPProblem: Error, Equatable, Sendable {
    /// The system has no libcurl.
    case noLibrary
    /// Nobody listens there, or the name is unknown; the library's own words.
    case unreachable(String)
    case timedOut
    /// The user stopped it.
    case stopped
    case badAddress
    case notTrusted(String)
    /// The connection ended in the middle.
    case brokenOff(String)
}

/// What a server answered.
public struct HTTPResponse: Equatable, Sendable {
    public let status: Int
    public let body: [UInt8]

    public init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}

/// A request: method, target (path and query) and body.
public struct HTTPRequest: Equatable, Sendable {
    public let method: String
    public let target: String
    public let headers: [String]
    public let body: [UInt8]

    /// - Parameter headers: Whole lines, `Content-Type: application/json`.
    public init(_ method: String, _ target: String, headers: [String] = [], body: [UInt8] = []) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }
}

/// Asks servers, one request at a time, and waits for each answer.
@safe public final class HTTPClient {
    private let client: OpaquePointer
    private let stop: @convention(c) () -> Int32

    /// - Parameter stop: Asked several times a second; 1 ends the request that is under way.
    /// - Throws: `HTTPProblem.noLibrary`.
    public init(stop: @escaping @convention(c) () -> Int32 = { 0 }) throws(HTTPProblem) {
        guard let client = unsafe web_client_open() else { throw .noLibrary }
        unsafe self.client = client
        self.stop = stop
    }

    deinit { unsafe web_client_close(client) }

    /// Sends a request to `base` + its target.
    ///
    /// - Parameter seconds: How long it may take.
    public func send(
        _ request: HTTPRequest, to base: String, seconds: Int = 120
    ) throws(HTTPProblem) -> HTTPResponse {
        var answer = unsafe web_answer()
        var lines = unsafe request.headers.map { unsafe UnsafePointer(strdup($0)) }
        defer { unsafe lines.forEach { unsafe free(UnsafeMutablePointer(mutating: $0)) } }
        unsafe lines.append(nil)
        unsafe web_client_send(
            client, request.method, base + request.target, &lines,
            request.body.isEmpty ? nil : request.body, request.body.count, seconds, stop, &answer)
        defer { unsafe web_answer_free(&answer) }
        let words = unsafe withUnsafeBytes(of: answer.message) { buffer in
            unsafe String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
        }
        switch unsafe Int(answer.outcome) {
        case Int(WEB_DONE): break
        case Int(WEB_TIMED_OUT): throw .timedOut
        case Int(WEB_STOPPED): throw .stopped
        case Int(WEB_BAD_ADDRESS): throw .badAddress
        case Int(WEB_NOT_TRUSTED): throw .notTrusted(words)
        case Int(WEB_BROKEN_OFF): throw .brokenOff(words)
        default: throw .unreachable(words)
        }
        let body = unsafe Array(UnsafeBufferPointer(start: answer.body, count: answer.length))
        return unsafe HTTPResponse(status: answer.status, body: body)
    }
}
