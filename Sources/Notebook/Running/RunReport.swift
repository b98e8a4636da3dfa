import OrderedJSON

/// What a run of a document came to, for CI: `rlhf run FILE --report FILE.json`.
///
/// It is written in one step, and also when a cell failed or nothing could start; then `error` says
/// why.
struct RunReport {
    static let schema = 1

    let path: String
    let file: String
    private var document: TutorialDocument?
    private var folder: SessionFolder?
    private var doneBefore: Set<String> = []

    init(path: String, file: String) {
        self.path = path
        self.file = file
    }

    /// Notes what is done already, before the cells run.
    mutating func begin(_ document: TutorialDocument, _ folder: SessionFolder) {
        self.document = document
        self.folder = folder
        doneBefore = Set(folder.cells.filter { $0.state == .ok }.map(\.id))
    }

    /// Writes the report.
    ///
    /// - Throws: `CommandError` when the file cannot be written.
    func write(exitCode: Int32, seconds: Double, error: String? = nil) throws(CommandError) {
        let json = json(exitCode: exitCode, seconds: seconds, error: error)
        do { try Files.replace(path, with: Array(json.prettyText().utf8)) } catch {
            throw .writing(error)
        }
    }

    func json(exitCode: Int32, seconds: Double, error: String?) -> JSON {
        var report = JSONObject([
            ("schema", .integer(Self.schema)), ("file", .string(file)),
            ("status", .string(Self.status(exitCode))), ("exit_code", .integer(Int(exitCode))),
            ("seconds", .number(seconds)),
        ])
        report["error"] = error.map { .string($0) }
        if let folder {
            let info = folder.info
            report["session"] = .string(folder.path)
            report["seed"] = .integer(info.seed)
            report["shards"] = .integer(info.shards)
            report["precision"] = .string(info.precision)
            report["engine"] = .string(info.engine)
            report["instruction_set"] = .string(info.instructionSet)
            report["parameters"] = info.parameters?["values"]
        }
        let cells = (document?.cells ?? []).map { lesson in
            self.cell(lesson, folder?.cell(lesson.id))
        }
        report["counts"] = Self.counts(cells)
        report["cells"] = .array(cells)
        return .object(report)
    }

    private static func status(_ exitCode: Int32) -> String {
        switch CommandError.ExitCode(rawValue: exitCode) {
        case nil: "ok"
        case .failed: "failed"
        case .usage: "usage"
        case .checkFailed: "check-failed"
        case .damagedOrLocked: "damaged-or-locked"
        case .interrupted: "interrupted"
        }
    }

    private func cell(_ lesson: TutorialCell, _ cell: Cell?) -> JSON {
        // A cell of a record that was edited has not been run as it reads now.
        let state = cell?.state ?? .new
        var json = JSONObject([
            ("id", .string(lesson.id)), ("cell", (cell?.number).map { .integer($0) } ?? .null),
            ("source", .string(cell?.source ?? lesson.source)),
            ("state", .string(state == .new ? "not-run" : state.rawValue)),
            ("seconds", (cell?.seconds).map { .number($0) } ?? .null),
        ])
        json["from_record"] = .bool(doneBefore.contains(lesson.id))
        json["from_store"] = .bool(cell?.isFromStore == true)
        json["facts"] = cell?.details["facts"]
        json["error"] = (cell?.error).map { .string($0) }
        let facts = cell?.details["facts"]?.objectValue ?? JSONObject()
        if !lesson.expectations.isEmpty, state == .ok || state == .stale {
            json["checks"] = .array(
                lesson.expectations.map { expectation in
                    let found = facts[expectation.name]
                    return [
                        "name": .string(expectation.name), "expected": .string(expectation.text),
                        "found": found ?? .null,
                        "passed": .bool(found.map(expectation.isMet) ?? false),
                    ]
                })
        }
        return .object(json)
    }

    private static func counts(_ cells: [JSON]) -> JSON {
        func count(_ state: String) -> JSON {
            .integer(cells.count { $0["state"]?.stringValue == state })
        }
        let checks = cells.flatMap { $0["checks"]?.arrayValue ?? [] }
        return [
            "cells": .integer(cells.count), "ok": count("ok"), "failed": count("failed"),
            "interrupted": count("interrupted"), "stale": count("stale"),
            "not_run": count("not-run"),
            "from_record": .integer(cells.count { $0["from_record"]?.boolValue == true }),
            "from_store": .integer(cells.count { $0["from_store"]?.boolValue == true }),
            "checks": .integer(checks.count),
            "checks_failed": .integer(checks.count { $0["passed"]?.boolValue == false }),
        ]
    }
}
