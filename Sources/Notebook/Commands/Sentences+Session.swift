/// What is wrong with a session's folder.
enum SessionSentences {
    static func sentence(_ error: SessionError) -> String {
        switch error {
        case .noFolder(let path):
            return
                "\(path): there is no such folder; check the path, or start a session with `rlhf`"
        case .notASession(let path):
            return
                "\(path) is no session, expected a folder with session.json; name the folder of a "
                + "session"
        case .incomplete(let path, let missing):
            return
                "\(path) is a damaged session: \(missing) is missing; put it back from a copy, or "
                + "start another session"
        case .emptied(let path):
            return
                "\(path) is empty, expected the record of the session: the session is damaged; put "
                + "the file back from a copy, or start another session"
        case .alreadyExists(let path):
            return "\(path) is there already; choose another name or remove it"
        case .unreadable(let path, let reason):
            return "\(path) cannot be read: \(reason); check the path and its permissions"
        case .unwritable(let path, let operation, let reason):
            return
                "\(path) cannot be written (\(operation): \(reason)); choose another place or "
                + "check its permissions"
        case .outOfSpace(let path, let reason):
            return "\(path) cannot be written: \(reason); make room on the disk and try again"
        case .newerFormat(let path, let found, let supported):
            return
                "\(path) has format \(found), expected at most \(supported): a newer rlhf wrote "
                + "it; open it with that one, or look at it with --read-only"
        case .malformed(let path, let line, let problem):
            return
                "\(SentenceParts.place(path, line)): the session is damaged: \(problem); restore "
                + "the file from a copy"
        case .damagedJournal(let path, let line, let problem, let records):
            return "\(SentenceParts.place(path, line)): the journal is damaged: \(problem); "
                + "\(SentenceParts.count(records, "record")) before it are good, nothing was "
                + "changed; restore the file from a copy, or see what is left with `rlhf export`"
        case .locked(let path, let owner):
            return
                "\(path) is open elsewhere\(self.owner(owner)); close it there, or look at it with "
                + "--read-only, or go on in a copy with --fork"
        case .readOnly(let path):
            return "\(path) was opened for reading only; go on in a copy with --fork"
        case .missingArtifact(let path, let digest):
            return
                "\(path) has no artifact \(digest.short); weights are left out of recorded "
                + "sessions, `rlhf replay` makes them again"
        case .damagedArtifact(let path, let expected, let found):
            return "\(path) is damaged: its bytes have the digest \(found.short), expected "
                + "\(expected.short); `rlhf replay` makes it again"
        case .damagedMetrics(let path, let line, let problem):
            return
                "\(SentenceParts.place(path, line)): the metrics are damaged: \(problem); rerun "
                + "the cell that wrote them"
        case .unknownCell(let id):
            return "there is no cell \(id); :cells lists them"
        }
    }

    /// 4 for a session that cannot be used as it is; 1 for everything else.
    static func exitCode(_ error: SessionError) -> CommandError.ExitCode {
        switch error {
        case .newerFormat, .malformed, .damagedJournal, .locked, .damagedArtifact, .damagedMetrics,
            .incomplete, .emptied, .missingArtifact:
            .damagedOrLocked
        case .noFolder, .notASession, .alreadyExists, .unreadable, .unwritable, .outOfSpace,
            .readOnly, .unknownCell:
            .failed
        }
    }

    static func sentence(_ error: PosixError) -> String {
        if error.isOutOfSpace { return sentence(SessionError.writing(error)) }
        let advice =
            ["open", "read", "look at"].contains(error.operation)
            ? "check the path and its permissions" : "check the permissions of its folder"
        return "\(error.path): \(error.operation) failed: \(error.reason); \(advice)"
    }

    /// ` (process 412 on laptop, since 2026-11-21T10:15:03Z)`, as far as it is known.
    private static func owner(_ owner: LockOwner) -> String {
        var parts: [String] = []
        if let process = owner.processID { parts.append("process \(process)") }
        if let host = owner.host { parts.append("on \(host)") }
        var text = parts.joined(separator: " ")
        if let command = owner.command { text += (text.isEmpty ? "" : ", ") + "`\(command)`" }
        if let since = owner.since { text += (text.isEmpty ? "" : ", ") + "since \(since)" }
        return text.isEmpty ? "" : " (\(text))"
    }
}
