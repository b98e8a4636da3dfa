import Testing

@testable import Notebook

@Suite struct SentencesSessionTests {
    static let first = Digest(of: "first")
    static let second = Digest(of: "second")

    static let cases: [(SessionError, CommandError.ExitCode, String)] = [
        (
            .noFolder(path: "s"), .failed,
            "s: there is no such folder; check the path, or start a session with `rlhf`"
        ),
        (
            .notASession(path: "s"), .failed,
            "s is no session, expected a folder with session.json; name the folder of a session"
        ),
        (
            .alreadyExists(path: "s"), .failed,
            "s is there already; choose another name or remove it"
        ),
        (
            .unreadable(path: "s/x", reason: "Input/output error"), .failed,
            "s/x cannot be read: Input/output error; check the path and its permissions"
        ),
        (
            .unwritable(path: "s/x", operation: "rename", reason: "Permission denied"), .failed,
            "s/x cannot be written (rename: Permission denied); choose another place or check its "
                + "permissions"
        ),
        (
            .outOfSpace(path: "s/journal.jsonl", reason: "No space left on device"), .failed,
            "s/journal.jsonl cannot be written: No space left on device; make room on the disk "
                + "and try again"
        ),
        (
            .newerFormat(path: "s/session.json", found: 3, supported: 1), .damagedOrLocked,
            "s/session.json has format 3, expected at most 1: a newer rlhf wrote it; open it with "
                + "that one, or look at it with --read-only"
        ),
        (
            .malformed(path: "s/session.json", line: 2, problem: "expected \":\" after a key"),
            .damagedOrLocked,
            "s/session.json:2: the session is damaged: expected \":\" after a key; restore the "
                + "file from a copy"
        ),
        (
            .damagedJournal(
                path: "s/journal.jsonl", line: 12, problem: "the checksum does not fit the bytes",
                records: 11), .damagedOrLocked,
            "s/journal.jsonl:12: the journal is damaged: the checksum does not fit the bytes; 11 "
                + "records before it are good, nothing was changed; restore the file from a copy, "
                + "or see what is left with `rlhf export`"
        ),
        (
            .locked(
                path: "s",
                owner: LockOwner(processID: 412, host: "laptop", since: "2026-11-21T10:15:03Z")),
            .damagedOrLocked,
            "s is open elsewhere (process 412 on laptop, since 2026-11-21T10:15:03Z); close it "
                + "there, or look at it with --read-only, or go on in a copy with --fork"
        ),
        (
            .locked(path: "s", owner: LockOwner()), .damagedOrLocked,
            "s is open elsewhere; close it there, or look at it with --read-only, or go on in a copy "
                + "with --fork"
        ),
        (
            .readOnly(path: "s"), .failed,
            "s was opened for reading only; go on in a copy with --fork"
        ),
        (
            .missingArtifact(path: "s/artifacts", digest: first), .damagedOrLocked,
            "s/artifacts has no artifact \(first.short); weights are left out of recorded "
                + "sessions, `rlhf replay` makes them again"
        ),
        (
            .damagedArtifact(path: "s/artifacts/x", expected: first, found: second),
            .damagedOrLocked,
            "s/artifacts/x is damaged: its bytes have the digest \(second.short), expected "
                + "\(first.short); `rlhf replay` makes it again"
        ),
        (
            .damagedMetrics(
                path: "s/metrics/c-1.jsonl", line: 4, problem: "the row has no integer"),
            .damagedOrLocked,
            "s/metrics/c-1.jsonl:4: the metrics are damaged: the row has no integer; rerun the "
                + "cell that wrote them"
        ),
        (.unknownCell(id: "c-9"), .failed, "there is no cell c-9; :cells lists them"),
    ]

    @Test(arguments: cases) func everyErrorOfASessionHasSentenceAndExitCode(
        error: SessionError, code: CommandError.ExitCode, text: String
    ) {
        #expect(commandError(for: error) == CommandError(text, exitCode: code))
    }

    @Test func aFailedCallSaysWhatWasTried() {
        #expect(
            sentence(for: PosixError(operation: "rename", path: "a", code: 13))
                == "a: rename failed: Permission denied; check the permissions of its folder")
        #expect(
            sentence(for: PosixError(operation: "write", path: "a", code: 28))
                == "a cannot be written: No space left on device; make room on the disk and try "
                + "again"
        )
    }

    @Test func rowsOfJournalsAndMetricsAreDamageToo() {
        #expect(
            commandError(for: JournalProblem.wrongPrevious)
                == CommandError(
                    "the journal is damaged: the record does not follow the line before it",
                    exitCode: .damagedOrLocked))
        #expect(
            sentence(for: MetricRowError.noStep)
                == "the metrics are damaged: the row has no integer \"step\"")
    }
}
