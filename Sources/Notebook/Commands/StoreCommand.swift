import ArgumentParser
import OrderedJSON
import TerminalUI

/// `store`: the results of steps that all sessions share.
struct StoreCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Show the shared store of results, or clear it of unused ones.",
        discussion: """
            A step that has been computed once, in any session, with the same inputs, options, seed, \
            shards, precision and program, is taken from the store. It lies in $RLHF_STORE, or under \
            $XDG_CACHE_HOME or ~/.cache; its files are second names of the sessions' own. Sessions are \
            complete without it.
            """)
    static var place: CommandPlace { .everywhere }

    @OptionGroup var global: GlobalOptions

    @Flag(help: "Remove what no session refers to.")
    var removeUnused = false

    func execute(in context: CommandContext) throws {
        guard let store = context.notebook?.stepStore ?? StepStore.ofUser else {
            throw CommandError("there is no place for a store: neither RLHF_STORE nor HOME is set")
        }
        let console = context.console
        guard try Posix.kind(of: store.path) != nil else {
            console.say("the store is empty; it will be in \(store.path)")
            return
        }
        if removeUnused {
            let removed = try store.removeUnused()
            console.say(
                "\(SentenceParts.count(removed.entries, "result")) removed, "
                    + "\(formatted(bytes: removed.bytes)) freed", .good)
            console.emit([
                "removed_entries": .integer(removed.entries),
                "removed_bytes": .integer(removed.bytes),
            ])
            return
        }
        show(try store.use(), store, console, prefix: context.notebook == nil ? "rlhf " : ":")
    }

    private func show(_ use: StoreUse, _ store: StepStore, _ console: Console, prefix: String) {
        console.show(
            KeyValueList([
                ("in", store.path), ("results", formatted(count: use.entries.count)),
                ("size", formatted(bytes: use.bytes)),
                ("computing them took", formatted(seconds: use.seconds)),
                ("used by no session", formatted(count: use.unused.count)),
            ]))
        let rows = use.sessions.map { session -> [String] in
            let entries = use.entries.filter { $0.sessions.contains(session.id) }
            return [
                session.path, session.keys == nil ? "gone" : formatted(count: entries.count),
            ]
        }
        if !rows.isEmpty {
            console.show(
                Table(headers: ["session", "results"], alignments: [.left, .right], rows: rows))
        }
        if !use.unused.isEmpty {
            console.remark(
                Paragraph(
                    prefix + "store --remove-unused removes what no session refers to", .dim))
        }
        console.emit([
            "path": .string(store.path), "entries": .integer(use.entries.count),
            "bytes": .integer(use.bytes), "seconds": .number(use.seconds),
            "unused_entries": .integer(use.unused.count),
            "sessions": .array(
                use.sessions.map { session in
                    [
                        "path": .string(session.path), "exists": .bool(session.keys != nil),
                        "entries": .integer(
                            use.entries.count { $0.sessions.contains(session.id) }),
                    ]
                }),
        ])
    }
}

extension StepStore {
    /// The store of the user who runs the program; nil without a home.
    static var ofUser: StepStore? {
        defaultPath(environment: ProcessEnvironment.forStore).map { StepStore(path: $0) }
    }
}
