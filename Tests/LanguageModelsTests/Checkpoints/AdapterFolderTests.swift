import Autograd
import Foundation
import OrderedJSON
import Testing

@testable import LanguageModels

/// Adapters as PEFT writes them: `Fixtures/lora`, written by `References/peft_lora.py`.
@Suite("Adapter folders")
struct AdapterFolderTests {
    private struct Expected: Decodable {
        struct Adapter: Decodable { let logProbabilities: [[Float]] }
        struct Reward: Decodable { let scores: [Float] }
        let language, narrow: Adapter
        let reward: Reward
    }

    private static let folder = URL(filePath: GPT2Fixture.folder).deletingLastPathComponent()
        .appending(path: "lora").path

    private func expected() throws -> Expected {
        try JSONDecoder().decode(
            Expected.self,
            from: Data(contentsOf: URL(filePath: Self.folder + "/expected.json")))
    }

    private func adapted(_ name: String, _ base: LanguageModel) throws -> LanguageModel {
        try AdapterFolder(path: Self.folder + "/" + name).model(over: base, namedAs: "base")
    }

    private func logs(_ model: LanguageModel) throws -> [[Float]] {
        try GPT2Fixture.load().scored.prefix(6).map {
            model.logProbabilities(of: PackedCompletions([$0.example])).logProbabilities.array
        }
    }

    @Test("an adapter of PEFT's gives PEFT's log-probabilities")
    func language() throws {
        let base = try GPT2Fixture.languageModel()
        let expected = try expected()
        for (name, rows) in [
            ("language", expected.language.logProbabilities),
            ("narrow", expected.narrow.logProbabilities),
        ] {
            let model = try adapted(name, base)
            for (found, row) in zip(try logs(model), rows) {
                #expect(largestDifference(found, row) < 1e-4, "\(name)")
            }
            for (found, row) in zip(try logs(model.merged()), rows) {
                #expect(largestDifference(found, row) < 1e-4, "\(name), merged")
            }
        }
        #expect(try logs(base)[0] != logs(adapted("narrow", base))[0])
    }

    @Test("the configuration is read, whatever maps and layers it names")
    func configurations() throws {
        let base = try GPT2Fixture.languageModel()
        let language = try #require(try adapted("language", base).adapter)
        #expect((language.rank, language.alpha, language.dropout) == (4, 8, 0))
        #expect(language.targets.sorted() == ["c_attn", "c_fc", "c_proj"])
        #expect(language.layers == nil && language.base == "base")
        let narrow = try #require(try adapted("narrow", base).adapter)
        #expect(narrow.isRankStabilized && narrow.layers == [1])
        #expect(narrow.scale == Float(3 / 2.0.squareRoot()))
    }

    @Test("a reward adapter brings its head and its norm")
    func reward() throws {
        let base = try GPT2Fixture.languageModel()
        let model = try adapted("reward", base)
        #expect(model.heads == [.score])
        let sequences = try GPT2Fixture.load().scored.prefix(8).map(\.ids)
        let found = sequences.map { model.scores(of: PackedSequences([$0])).scalar }
        #expect(largestDifference(found, try expected().reward.scores) < 1e-4)
    }

    /// PEFT repeats names among the modules to save; the base is named by the writer.
    private static let ownKeys = ["base_model_name_or_path", "lora_dropout", "modules_to_save"]

    @Test("what is written has PEFT's names, shapes and values, and reads back the same")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let base = try GPT2Fixture.languageModel()
        let tokenizer = try ModelFolder(path: GPT2Fixture.folder + "/tiny").tokenizer()
        for name in ["language", "narrow", "reward"] {
            let model = try adapted(name, base)
            let path = folder.path + "/" + name
            try AdapterFolder.write(path, model: model, base: "./tiny", tokenizer: tokenizer)
            let written = try SafetensorsFile(path: path + "/adapter_model.safetensors")
            let original = try SafetensorsFile(
                path: Self.folder + "/\(name)/adapter_model.safetensors")
            #expect(Set(written.names) == Set(original.names))
            for key in original.names {
                #expect(try written.tensor(key) == original.tensor(key))
            }
            let again = try AdapterFolder(path: path)
            #expect(again.configuration.base == "./tiny")
            let read = try again.model(over: base, namedAs: "base")
            #expect(read.parameters.flatValues == model.parameters.flatValues)
            #expect(read.adapter == model.adapter)
            let ours = try JSON(
                parsing: Array(
                    Data(contentsOf: URL(filePath: path + "/adapter_config.json"))))
            let theirs = try JSON(
                parsing: Array(
                    Data(contentsOf: URL(filePath: Self.folder + "/\(name)/adapter_config.json"))))
            for (key, value) in try #require(theirs.objectValue)
            where !Self.ownKeys.contains(key) {
                #expect(ours[key] == value, "\(name): \(key)")
            }
        }
    }

    @Test(
        "an adapter that cannot be honoured is refused with its key",
        arguments: [
            (#"{"peft_type": "LORA", "use_dora": true}"#, "use_dora"),
            (#"{"peft_type": "LORA", "bias": "all"}"#, "bias"), ("{}", "peft_type"),
            (#"{"peft_type": "IA3"}"#, "peft_type"), (#"{"peft_type": "LORA", "r": 0}"#, "r"),
            (#"{"peft_type": "LORA", "alpha_pattern": {"c_fc": 2}}"#, "alpha_pattern"),
            (#"{"peft_type": "LORA", "lora_dropout": 1}"#, "lora_dropout"),
        ])
    func refusals(text: String, key: String) throws {
        do {
            _ = try LoRAConfiguration(json: Array(text.utf8), file: "adapter_config.json")
            Issue.record("accepted")
        } catch {
            guard case .setting(_, let found, _) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(found == key)
        }
    }

    @Test("weights that do not belong to the base are refused")
    func otherBase() throws {
        let folder = try AdapterFolder(path: Self.folder + "/language")
        let other = LanguageModel.random(width: 32, heads: 4)
        #expect(throws: LanguageModelError.self) {
            _ = try folder.model(over: LanguageModel.random(layers: 1), namedAs: nil)
        }
        #expect(throws: Never.self) { _ = try folder.model(over: other, namedAs: nil) }
        #expect(
            throws: LanguageModelError.folder(
                path: GPT2Fixture.folder + "/tiny", .missingFiles(["adapter_config.json"]))
        ) { _ = try AdapterFolder(path: GPT2Fixture.folder + "/tiny") }
    }
}
