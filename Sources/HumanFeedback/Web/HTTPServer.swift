internal import CWebTransfer
internal import Glibc

/// A small server on 127.0.0.1: one request a connection, one connection at a time.
public final class HTTPServer {
    /// Larger requests are refused.
    private static let largest = 64 << 20

    /// The port that it listens on.
    public let port: Int
    private let listener: Int32

    /// - Parameter port: 0 takes a free one.
    /// - Returns: Nil when the port cannot be had.
    public init?(port: Int) {
        var bound: Int32 = 0
        listener = unsafe web_listen(Int32(port), &bound)
        self.port = Int(bound)
        if listener < 0 { return nil }
    }

    deinit { close(listener) }

    /// Answers requests until `isOver` says so, which is asked ten times a second.
    public func serve(until isOver: () -> Bool, _ answer: (HTTPRequest) -> HTTPResponse) {
        while !isOver() {
            let connection = web_accept(listener, 100)
            if connection < 0 { continue }
            handle(connection, answer)
            close(connection)
        }
    }

    private func handle(_ connection: Int32, _ answer: (HTTPRequest) -> HTTPResponse) {
        switch read(connection) {
        case .request(let request): send(answer(request), on: connection)
        case .tooLarge: send(HTTPResponse(status: 413, body: []), on: connection)
        case .malformed: send(HTTPResponse(status: 400, body: []), on: connection)
        case .nothing: break
        }
    }

    private enum Reading { case request(HTTPRequest), tooLarge, malformed, nothing }

    private func read(_ connection: Int32) -> Reading {
        var bytes: [UInt8] = []
        let end = Array("\r\n\r\n".utf8)
        while true {
            // The head may come in pieces; only what is new is searched.
            if let place = bytes.firstRange(of: end) {
                return finish(
                    connection, Array(bytes[..<place.lowerBound]), rest: bytes[place.upperBound...])
            }
            if bytes.count > 1 << 16 { return .tooLarge }
            let piece = receive(connection)
            if piece.isEmpty { return bytes.isEmpty ? .nothing : .malformed }
            bytes += piece
        }
    }

    private func finish(_ connection: Int32, _ head: [UInt8], rest: ArraySlice<UInt8>) -> Reading {
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n").map(String.init)
        let words = lines.first?.split(separator: " ").map(String.init) ?? []
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return .malformed }
        func value(_ name: String) -> String? {
            lines.dropFirst().first { $0.lowercased().hasPrefix(name + ":") }
                .map { String($0.dropFirst(name.count + 1)).filter { $0 != " " } }
        }
        guard value("transfer-encoding") == nil else { return .malformed }
        guard let length = value("content-length").map({ Int($0) }) ?? 0, length >= 0 else {
            return .malformed
        }
        if length > Self.largest { return .tooLarge }
        if value("expect") == "100-continue" {
            send(bytes: Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), on: connection)
        }
        var body = Array(rest.prefix(length))
        while body.count < length {
            let piece = receive(connection)
            if piece.isEmpty { return .malformed }
            body += piece
        }
        return .request(
            HTTPRequest(words[0], words[1], headers: Array(lines.dropFirst()), body: body))
    }

    /// What comes next; empty at the end, or when nothing comes for ten seconds.
    private func receive(_ connection: Int32) -> [UInt8] {
        var request = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&request, 1, 10_000) > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = unsafe recv(connection, &bytes, bytes.count, 0)
        return count > 0 ? Array(bytes[..<count]) : []
    }

    private func send(_ response: HTTPResponse, on connection: Int32) {
        let head =
            "HTTP/1.1 \(response.status) \(response.status < 400 ? "OK" : "Error")\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(response.body.count)\r\n"
            + "Connection: close\r\n\r\n"
        send(bytes: Array(head.utf8) + response.body, on: connection)
    }

    private func send(bytes: [UInt8], on connection: Int32) {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    connection, buffer.baseAddress! + sent, buffer.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            sent += count
        }
    }
}
