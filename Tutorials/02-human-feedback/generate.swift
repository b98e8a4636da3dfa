// Makes pairs.jsonl from the first tutorial's demonstrations:
//
//     swift generate.swift
//
// Two different answers to one prompt make a pair; which stands left is decided by a hash.
import Foundation

struct Row: Codable {
    let prompt: String
    let completion: String
}

func fingerprint(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
}

func quoted(_ text: String) -> String {
    String(decoding: try! JSONEncoder().encode(text), as: UTF8.self)
        .replacingOccurrences(of: "\\/", with: "/")
}

/// At most `each` pairs a prompt, neighbours in the order of the answers' hashes.
func makePairs(from name: String, to out: String, each: Int, count: Int, prefix: String) throws {
    let text = try String(contentsOfFile: "../01-align-a-model/\(name)", encoding: .utf8)
    let rows = try text.split(separator: "\n").map {
        try JSONDecoder().decode(Row.self, from: Data($0.utf8))
    }
    var prompts: [String] = []
    var answers: [String: [String]] = [:]
    for row in rows {
        if answers[row.prompt] == nil { prompts.append(row.prompt) }
        if answers[row.prompt]?.contains(row.completion) != true {
            answers[row.prompt, default: []].append(row.completion)
        }
    }
    prompts.sort { fingerprint($0) < fingerprint($1) }
    var lines: [String] = []
    for prompt in prompts {
        let sorted = (answers[prompt] ?? []).sorted { fingerprint($0) < fingerprint($1) }
        var index = 0
        while index + 1 < sorted.count, index / 2 < each, lines.count < count {
            let id = "\(prefix)\(lines.count + 1)"
            lines.append(
                "{\"prompt\":\(quoted(prompt)),\"answer1\":\(quoted(sorted[index])),"
                    + "\"answer2\":\(quoted(sorted[index + 1])),\"pair_id\":\"\(id)\"}\n")
            index += 2
        }
    }
    try lines.joined().write(toFile: out, atomically: true, encoding: .utf8)
    print("\(out): \(lines.count) pairs")
}

try makePairs(
    from: "demonstrations.jsonl", to: "pairs.jsonl", each: 2, count: 600, prefix: "t")
