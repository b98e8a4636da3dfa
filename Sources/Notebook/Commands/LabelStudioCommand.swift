import ArgumentParser

/// `:labelstudio`: pairs to Label Studio and votes back.
struct LabelStudioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "labelstudio",
        abstract: "Exchange pairs and votes with Label Studio: push, pull, status, files.",
        discussion: """
            The server's address is --url or LABEL_STUDIO_URL (default http://127.0.0.1:8080). The key, \
            a legacy token or a personal access token, is read from --key-file or LABEL_STUDIO_API_KEY, and \
            is never written down. Everything may be repeated: what is there already is not made again.
            """,
        subcommands: [
            LabelStudioPushCommand.self, LabelStudioPullCommand.self,
            LabelStudioStatusCommand.self, LabelStudioFilesCommand.self,
        ])
}
