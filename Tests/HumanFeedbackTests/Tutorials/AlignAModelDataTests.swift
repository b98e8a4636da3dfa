import Foundation
import OrderedJSON
import Testing

@testable import HumanFeedback

@Suite struct AlignAModelDataTests {
    let data: AlignAModel

    init() throws { data = try AlignAModel.shared.get() }

    /// The topics of `gold.json` that a prompt names.
    private func topics(of prompt: String) -> [Int] {
        data.scorer.keywords.matches(in: Array(prompt.utf8)).map {
            data.scorer.keywordTopics[$0.phrase]
        }
    }

    @Test("The files have the rows that the README counts")
    func counts() {
        #expect(data.training.count == 4800)
        #expect(data.heldOut.count == 640)
        #expect(data.trainingPrompts.count == 400)
        #expect(data.heldOutPrompts.count == 320)
    }

    @Test("Prompts are distinct, and no held-out prompt occurs in training")
    func disjoint() {
        #expect(Set(data.trainingPrompts + data.heldOutPrompts).count == 720)
        #expect(Set(data.training.map(\.prompt)) == Set(data.trainingPrompts))
        #expect(Set(data.heldOut.map(\.prompt)) == Set(data.heldOutPrompts))
    }

    @Test("Every prompt is one short line about exactly one topic")
    func prompts() {
        for prompt in data.trainingPrompts + data.heldOutPrompts {
            #expect(prompt.hasPrefix("Question: ") && prompt.hasSuffix(" Answer:"))
            #expect(!prompt.contains("\n") && !prompt.contains("  "))
            #expect(prompt.split(separator: " ").count <= 14, "\(prompt)")
            #expect(topics(of: prompt).count == 1, "\(prompt)")
        }
    }

    @Test("Every topic occurs in both parts, about as often")
    func topicsInBoth() {
        var training = [Int](repeating: 0, count: 24)
        var heldOut = [Int](repeating: 0, count: 24)
        for prompt in data.trainingPrompts { training[topics(of: prompt)[0]] += 1 }
        for prompt in data.heldOutPrompts { heldOut[topics(of: prompt)[0]] += 1 }
        #expect(training.allSatisfy { (16...17).contains($0) })
        #expect(heldOut.allSatisfy { (13...14).contains($0) })
    }

    @Test("Every way to ask occurs in both parts")
    func phrasingsInBoth() {
        let beginnings = [
            "How can I", "What is the best way to", "Please help me", "I want to",
            "Can you tell me how to", "Is there an easy way to", "What is a good first step to",
            "My friend wants to", "Why is it so hard to", "What helps people to",
            "I never learned to", "Do you know a simple way to", "Any advice about my",
            "I need some help with my", "I am worried about my", "Can you help me with my",
            "I have a question about my", "Where do I begin with my",
            "What am I doing wrong with my", "I feel stuck with my",
            "What should I know about my", "What would you do about my", "What can I do about",
            "How would you deal with", "What is your advice on", "I am tired of",
            "Do you have a tip for", "Help, I have a problem with", "How do people cope with",
            "What do you suggest for",
        ]
        func count(_ beginning: String, in prompts: [String]) -> Int {
            prompts.count { $0.hasPrefix("Question: \(beginning) ") }
        }
        for beginning in beginnings {
            let training = count(beginning, in: data.trainingPrompts)
            let heldOut = count(beginning, in: data.heldOutPrompts)
            #expect(training + heldOut == 24, "\(beginning)")
            #expect(training >= 4 && heldOut >= 4, "\(beginning): \(training), \(heldOut)")
        }
    }

    @Test("Answers are 13 to 36 words of whole parts, each beginning with one space")
    func answers() {
        for row in data.training + data.heldOut {
            let reading = data.scorer.read(prompt: row.prompt, completion: row.completion)
            #expect((13...36).contains(reading.words), "\(row.completion)")
            #expect(reading.otherWords == 0, "\(row.completion)")
            #expect(reading.repetitions == 0, "\(row.completion)")
            #expect(row.completion.hasPrefix(" ") && row.completion.hasSuffix("."))
            #expect(!row.completion.contains("  "))
        }
    }

    @Test("No answer stands twice under one prompt")
    func noDuplicates() {
        let rows = data.training + data.heldOut
        #expect(Set(rows.map { $0.prompt + $0.completion }).count == rows.count)
    }

    @Test("Quality is mixed in every dimension, in training and held out alike")
    func mixture() {
        let shares: [(rule: String, expected: Double)] = [
            ("advice that fits", 0.55), ("advice on something else", 0.08),
            ("no advice", 0.37), ("vagueness", 0.37), ("courtesy", 0.5), ("curtness", 0.5),
            ("honest hedge", 0.5), ("overclaim", 0.5), ("care", 0.3), ("carelessness", 0.4),
            ("rambling", 0.45), ("closing", 0.5), ("repetition", 0), ("other words", 0),
            ("length", 0), ("ending", 0),
        ]
        #expect(shares.map(\.rule).sorted() == data.scorer.ruleNames.sorted())
        for rows in [data.training, data.heldOut] {
            var counts: [String: Int] = [:]
            for row in rows {
                let entries = data.scorer.explain(prompt: row.prompt, completion: row.completion)
                for entry in entries { counts[entry.rule, default: 0] += 1 }
            }
            for (rule, expected) in shares {
                let found = Double(counts[rule] ?? 0) / Double(rows.count)
                // Four deviations of 640 draws, and a little for the limit of 36 words.
                #expect(abs(found - expected) <= (expected == 0 ? 0 : 0.09), "\(rule) \(found)")
            }
        }
    }

    @Test("Gold is finite, spread out, near zero on average, and not a matter of length")
    func gold() {
        let points = data.training.map(data.gold)
        let mean = points.reduce(0, +) / Double(points.count)
        let squares = points.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
        let deviation = (squares / Double(points.count)).squareRoot()
        #expect(points.allSatisfy { $0.isFinite })
        #expect(abs(mean) < 0.5)
        #expect((2.4...3.2).contains(deviation))
        #expect(points.max() == 6 && points.min() ?? 0 <= -6)

        let decided = zip(data.comparisons, data.goldDifferences).filter { $0.1 != 0 }
        let longerWins = decided.count { comparison, difference in
            let extra = comparison.left.utf8.count - comparison.right.utf8.count
            return Double(extra) * difference > 0
        }
        let share = Double(longerWins) / Double(decided.count)
        #expect((0.42...0.58).contains(share), "the longer answer wins \(share)")
    }

    @Test("The README shows every part with the rules' own words")
    func readme() throws {
        let bytes = try FileBytes.read(path: AlignAModel.folder + "README.md")
        let text = String(decoding: bytes, as: UTF8.self)
        let topics = try #require(data.rules["topics"]?.arrayValue)
        let rules = try #require(data.rules["rules"]?.arrayValue)
        for group in topics + rules {
            for phrase in group["phrases"]?.arrayValue ?? [] {
                let phrase = try #require(phrase.stringValue)
                #expect(text.contains(phrase), "\(phrase) is not in README.md")
            }
        }
        for rule in data.scorer.ruleNames { #expect(text.contains("| \(rule) |")) }
    }

    @Test("The generator writes the same files again, byte for byte")
    func generator() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("align-a-model-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let program = folder.appendingPathComponent("generate").path
        try run(["swiftc", "-Onone", AlignAModel.folder + "generate.swift", "-o", program])
        try run([program, folder.path])
        for name in [
            "demonstrations.jsonl", "held-out-demonstrations.jsonl", "prompts.jsonl",
            "held-out-prompts.jsonl", "gold.json",
        ] {
            let made = try FileBytes.read(path: folder.appendingPathComponent(name).path)
            let kept = try FileBytes.read(path: AlignAModel.folder + name)
            #expect(made == kept, "\(name) is not what generate.swift writes; run it again")
        }
    }

    private func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(arguments[0]) failed")
    }
}
