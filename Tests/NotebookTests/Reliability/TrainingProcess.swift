import Foundation
import OrderedJSON
import TerminalUI

@testable import Notebook

/// The real program, started on a script of cells that trains in four ways.
struct TrainingProcess {
    /// Cells that take a second together and write a checkpoint after every step.
    static var script: String {
        let data = CommandFixture.fixture("gpt2") + "/"
        let often = "--checkpoint-every 0"
        return """
            :train sft --model \(data)tiny --data \(data)rows.jsonl --steps 24 --batch-size 4 \(often)
            :train reward --pairs \(data)pairs.jsonl --steps 24 --batch-size 4 \(often)
            :train ppo --prompts \(data)prompts.jsonl --steps 8 --batch-size 8 \
            --minibatch-size 4 --max-new-tokens 8 \(often)
            :note done

            """
    }

    /// A baseline, a reward model, and every other method that makes a policy, one a cell from the third
    /// on, then some of them with adapters; each checkpoints after every step.
    static var everyMethod: String {
        let data = CommandFixture.fixture("gpt2") + "/"
        let often = "--checkpoint-every 0 --learning-rate 1e-3"
        let offline = "--steps 16 --batch-size 6 \(often)"
        let sampled =
            "--prompts \(data)prompts.jsonl --steps 8 --batch-size 8 --max-new-tokens 6 \(often)"
        return """
            :train sft --model \(data)tiny --data \(data)rows.jsonl --steps 4 --batch-size 4
            :train reward --pairs \(data)pairs.jsonl --steps 4 --batch-size 4
            :train dpo --pairs \(data)pairs.jsonl --sft-coefficient 0.1 \(offline)
            :train kto --data \(data)pairs.jsonl \(offline)
            :train orpo --pairs \(data)pairs.jsonl \(offline)
            :train rloo --n 4 \(sampled)
            :train grpo --n 4 --kl-coefficient 0.1 \(sampled)
            :train reinforce \(sampled)
            :train rft --n 4 --epochs-per-rollout 2 \(sampled)
            :train online-dpo --judge soft \(sampled)
            :train ppo --score-scale running --whiten-rewards --minibatch-size 4 \(sampled)
            :train ppo --shared-trunk --kl-target 1 --minibatch-size 4 \(sampled)
            :train ppo --lora-rank 2 --minibatch-size 4 \(sampled)
            :train grpo --n 4 --lora-rank 2 \(sampled)
            :train dpo --lora-rank 2 --lora-dropout 0.1 --pairs \(data)pairs.jsonl \(offline)
            :train reward --lora-rank 2 --heads 2 --pairs \(data)pairs.jsonl \(offline)
            :train sft --model \(data)tiny --lora-rank 2 --data \(data)rows.jsonl \(offline)

            """
    }

    let folder: TemporaryFolder
    let session: String

    init(_ name: String, in folder: TemporaryFolder, script: String = Self.script) throws {
        self.folder = folder
        session = folder(name)
        if !FileManager.default.fileExists(atPath: folder("script.txt")) {
            try folder.write("script.txt", Array(script.utf8))
        }
    }

    /// Runs the program; kills it with SIGKILL when it is time.
    ///
    /// - Returns: The cells that it reported as done, and its exit code, nil when it was killed.
    func run(killWhen isTime: () -> Bool = { false }) throws -> (
        done: [Int], status: Int32?, text: String
    ) {
        let run = try ProgramRun(
            ["run", folder("script.txt"), "--session", session, "--json"], in: folder,
            killWhen: isTime)
        let done = run.output.split(separator: "\n").compactMap { line -> Int? in
            guard let json = try? JSON(parsing: Array(line.utf8)), json["status"] == "ok" else {
                return nil
            }
            return json["cell"]?.intValue
        }
        return (done, run.status, run.errors)
    }

    /// Runs the program and kills it some seconds after its start.
    func run(killAfter seconds: Double) throws -> (done: [Int], status: Int32?, text: String) {
        let end = MonotonicClock.seconds() + seconds
        return try run(killWhen: { MonotonicClock.seconds() >= end })
    }

    /// What an identical run has in common: slots, metrics, outputs.
    func cells() throws -> [ComparableCell] {
        try SessionFolder.open(at: session, for: .reading).cells.map(\.comparable)
    }
}
