import ArgumentParser
import HumanFeedback
import TerminalUI

/// Which server, which project, with which key.
struct LabelStudioArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Address of the server.", valueName: "URL"))
    var url: String?

    @Option(help: ArgumentHelp("File with the key.", valueName: "FILE"))
    var keyFile: String?

    @Option(help: ArgumentHelp("Number or title of the project.", valueName: "PROJECT"))
    var project: String?

    /// The server, with a client that Ctrl-C stops.
    func server(_ context: CommandContext) throws -> LabelStudioServer {
        let address =
            url ?? ProcessEnvironment.value("LABEL_STUDIO_URL") ?? "http://127.0.0.1:8080"
        guard address.hasPrefix("http://") || address.hasPrefix("https://") else {
            throw CommandError.usage("--url is \"\(address)\", expected http://... or https://...")
        }
        // Addresses are shown and written down, keys never are.
        if address.split(separator: "/").dropFirst().first?.contains("@") == true {
            throw CommandError.usage(
                "--url has a name or password in it; leave it out, the key says who asks")
        }
        let key: String
        if let keyFile {
            do {
                key = String(decoding: try Files.read(context.resolve(keyFile)), as: UTF8.self)
            } catch { throw CommandError.reading(error) }
        } else {
            key = ProcessEnvironment.value("LABEL_STUDIO_API_KEY") ?? ""
        }
        let client: HTTPClient
        do { client = try HTTPClient(stop: { Interrupts.isRaised ? 1 : 0 }) } catch {
            throw LabelStudioError.noAnswer(server: address, error)
        }
        return try LabelStudioServer(address: address, key: key.trimmingBlanks) {
            (request, base) throws(HTTPProblem) in try client.send(request, to: base)
        }
    }

    /// The project, which must be there.
    func existing(on server: LabelStudioServer) throws -> LabelStudioProject {
        let name = try name()
        guard let found = try server.project(name) else {
            throw LabelStudioError.noProject(server: server.address, project: name)
        }
        return found
    }

    func name() throws -> String {
        guard let project else {
            throw CommandError.usage("--project NUMBER or --project \"TITLE\" is needed")
        }
        return project
    }
}
