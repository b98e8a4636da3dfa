import Foundation
import OrderedJSON

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

    let folder: TemporaryFolder
    let session: String

    init(_ name: String, in folder: TemporaryFolder) throws {
        self.folder = folder
        session = folder(name)
        if !FileManager.default.fileExists(atPath: folder("script.txt")) {
            try folder.write("script.txt", Array(Self.script.utf8))
        }
    }

    /// Runs the program; kills it with SIGKILL after some seconds where a time is given.
    ///
    /// - Returns: The cells that it reported as done, and its exit code, nil when it was killed.
    func run(killAfter seconds: Double? = nil) throws -> (done: [Int], status: Int32?, text: String)
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: TmuxTerminal.program)
        process.arguments = ["run", folder("script.txt"), "--session", session, "--json"]
        let output = folder("output-\(UUID().uuidString)")
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        let errors = output + ".errors"
        _ = FileManager.default.createFile(atPath: errors, contents: nil)
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        if let seconds {
            Thread.sleep(forTimeInterval: seconds)
            kill(process.processIdentifier, SIGKILL)
        }
        process.waitUntilExit()
        let lines = String(
            decoding: try Data(contentsOf: URL(fileURLWithPath: output)), as: UTF8.self
        )
        .split(separator: "\n")
        let done = lines.compactMap { line -> Int? in
            guard let json = try? JSON(parsing: Array(line.utf8)), json["status"] == "ok" else {
                return nil
            }
            return json["cell"]?.intValue
        }
        let isKilled = process.terminationReason == .uncaughtSignal
        return (
            done, isKilled ? nil : process.terminationStatus,
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: errors)), as: UTF8.self)
        )
    }

    /// What an identical run has in common: slots, metrics, outputs.
    func cells() throws -> [ComparableCell] {
        try SessionFolder.open(at: session, for: .reading).cells.map(\.comparable)
    }
}
