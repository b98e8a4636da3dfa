import OrderedJSON
import TerminalUI
import Testing

@testable import Notebook

@Suite struct DoctorCommandTests {
    static let machine = Machine(
        instructionSet: "x86-64 AVX2 FMA", oneDNNVersion: "2.6.3", openSSLVersion: "3.0.19",
        processor: "Model 9", cores: 4, threads: 2, memoryBytes: 16_000_000_000,
        availableBytes: 4_000_000_000)

    private func report(
        _ terminal: TerminalCapabilities, _ variables: [String: String]
    ) -> DoctorReport {
        DoctorReport(machine: Self.machine, terminal: terminal) { variables[$0] }
    }

    @Test func aGoodTerminalNeedsNoHints() {
        let terminal = TerminalCapabilities(
            isTerminal: true, columns: 100, rows: 30, colorDepth: .ansi256, styles: true,
            unicode: true, cursorControl: true)
        let report = report(terminal, ["LANG": "de_DE.UTF-8", "TERM": "xterm-256color"])
        #expect(report.hints == [])
        #expect(
            report.list.text(capabilities: TerminalCapabilities(unicode: true)) == """
                rlhf             \(Engine.version)
                instruction set  x86-64 AVX2 FMA
                processor        Model 9
                cores, threads   4, 2
                memory           16.0 GB, 4.0 GB free
                libraries        oneDNN 2.6.3, OpenSSL 3.0.19, libedit
                terminal         xterm-256color, 100 columns, 30 rows
                colours          256
                locale           de_DE.UTF-8, UTF-8
                braille plots    ⡀⣀⣄⣤⣦⣶⣷⣿⣷⣶⣦⣤⣄⣀⡀
                sparklines       ▁▂▃▄▅▆▇█▇▆▅▄▃▂▁
                ASCII plots      _.:-=+*#*+=-:._

                """)
    }

    @Test func whatIsMissingComesWithACommand() {
        var machine = Self.machine
        machine.availableBytes = 500_000_000
        let terminal = TerminalCapabilities(isTerminal: true, columns: 40)
        let report = DoctorReport(machine: machine, terminal: terminal) { _ in nil }
        #expect(
            report.hints == [
                "for braille plots set a UTF-8 locale: export LC_ALL=C.UTF-8",
                "for colours and progress lines set TERM: export TERM=xterm-256color",
                "tables and plots want 60 columns or more: make the window wider",
                "less than 1 GB of memory is free: use small models or --shards 2",
            ])
    }

    @Test func theFirstLocaleVariableWithAValueDecides() {
        let terminal = TerminalCapabilities()
        #expect(
            report(terminal, ["LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LANG": "x"]).locale == "C.UTF-8"
        )
        #expect(report(terminal, [:]).locale == "C")
    }

    @Test func jsonSaysTheSame() {
        let json = report(TerminalCapabilities(columns: 90), ["TERM": "dumb"]).json
        #expect(json["instruction_set"]?.stringValue == "x86-64 AVX2 FMA")
        #expect(json["cores"] == 4)
        #expect(json["libraries"]?["onednn"]?.stringValue == "2.6.3")
        #expect(json["terminal"]?["columns"] == 90)
        #expect(json["terminal"]?["kind"]?.stringValue == "dumb")
        #expect(json["hints"]?.arrayValue?.count == 1)
    }
}
