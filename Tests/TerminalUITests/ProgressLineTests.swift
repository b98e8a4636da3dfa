import Testing

@testable import TerminalUI

struct ProgressLineTests {
    /// A clock set by hand and what was written.
    private final class Recorder {
        var time = 0.0
        var output: [String] = []
    }

    private func progress(
        _ recorder: Recorder, total: Int? = 200, initial: Int = 0,
        _ capabilities: TerminalCapabilities, columns: Int? = nil
    ) -> ProgressLine {
        ProgressLine(
            title: "reward", total: total, initial: initial, capabilities: capabilities,
            columns: columns.map { width in { width } }, clock: { recorder.time },
            sink: { recorder.output.append($0) })
    }

    private var plainTerminal: TerminalCapabilities {
        TerminalCapabilities(isTerminal: true, columns: 80, unicode: true, cursorControl: true)
    }

    @Test func aFrameShowsCountFieldsRateAndEstimate() {
        let recorder = Recorder()
        let line = progress(recorder, plainTerminal)
        line.update(0)
        recorder.time = 3
        line.update(120, fields: [ProgressField("loss", "0.412"), ProgressField("acc", "0.71")])
        #expect(
            recorder.output == [
                "\u{1B}[?7l\rreward  step 0/200  0%\u{1B}[K\u{1B}[?7h",
                "\u{1B}[?7l\rreward  step 120/200  60%  loss 0.412  acc 0.71  40.0 step/s  eta 0:02\u{1B}[K\u{1B}[?7h",
            ])
    }

    @Test func itIsDrawnAtMostTenTimesASecond() {
        let recorder = Recorder()
        let line = progress(recorder, total: 1000, plainTerminal)
        for step in 0..<1000 {
            recorder.time = Double(step) / 1000
            line.update(step)
        }
        #expect((9...10).contains(recorder.output.count))
    }

    @Test func fieldsAreDroppedFromTheRightAndTheLineNeverWraps() {
        for (columns, text) in [
            (70, "reward  step 120/200  60%  loss 0.412  40.0 step/s  eta 0:02"),
            (60, "reward  step 120/200  60%  loss 0.412  40.0 step/s"),
            (40, "reward  step 120/200  60%  loss 0.412"),
            (30, "reward  step 120/200  60%"), (16, "reward"), (5, "rewa"),
        ] {
            let recorder = Recorder()
            let line = progress(recorder, plainTerminal, columns: columns)
            recorder.time = 3
            line.update(120, fields: [ProgressField("loss", "0.412")])
            #expect(recorder.output == ["\u{1B}[?7l\r\(text)\u{1B}[K\u{1B}[?7h"])
        }
    }

    @Test func dumbTerminalsArePaddedInstead() {
        let recorder = Recorder()
        let line = progress(recorder, TerminalCapabilities(isTerminal: true))
        line.update(0, fields: [ProgressField("loss", "0.41234")])
        recorder.time = 0.2
        line.update(0, fields: [ProgressField("loss", "0.4")])
        line.finish()
        #expect(recorder.output[1] == "\rreward  step 0/200  0%  loss 0.4    ")
        #expect(!recorder.output.joined().contains("\u{1B}"))
    }

    @Test func logLinesStandAboveTheProgress() {
        let recorder = Recorder()
        let line = progress(recorder, plainTerminal)
        line.log("before")
        line.update(0)
        line.log("note")
        #expect(
            recorder.output == [
                "before\n", "\u{1B}[?7l\rreward  step 0/200  0%\u{1B}[K\u{1B}[?7h",
                "\r\u{1B}[Knote\n",
                "\u{1B}[?7l\rreward  step 0/200  0%\u{1B}[K\u{1B}[?7h",
            ])
    }

    @Test(arguments: [
        (ProgressLine.Outcome.done, "done in 5.0 s"), (.interrupted, "interrupted after 5.0 s"),
        (.failed, "failed after 5.0 s"),
    ])
    func oneLineStaysAtTheEnd(outcome: ProgressLine.Outcome, words: String) {
        let recorder = Recorder()
        let line = progress(recorder, initial: 100, plainTerminal)
        line.update(100)
        recorder.time = 5
        line.update(200)
        line.finish(outcome, fields: [ProgressField("loss", "0.4")])
        line.finish()
        line.update(200)
        #expect(recorder.output.count == 3)
        #expect(
            recorder.output.last
                == "\r\u{1B}[Kreward  step 200/200  loss 0.4  \(words)  20.0 step/s\n")
    }

    @Test func inANarrowWindowTheLineThatStaysIsBrokenBetweenWords() {
        let recorder = Recorder()
        var narrow = plainTerminal
        narrow.columns = 30
        let line = progress(recorder, initial: 100, narrow)
        recorder.time = 5
        line.update(200)
        line.finish(.done, fields: [ProgressField("loss", "0.4")])
        #expect(
            recorder.output.last
                == "\r\u{1B}[Kreward  step 200/200  loss 0.4\ndone in 5.0 s  20.0 step/s\n")
    }

    @Test func aFileGetsALineEveryTenSecondsAndLaterFewer() {
        let recorder = Recorder()
        let line = progress(recorder, total: 100, .plain)
        for step in 0...100 {
            recorder.time = Double(step)
            line.update(step)
        }
        line.finish()
        #expect(
            recorder.output == [
                "[0:00] reward  step 0/100  0%\n",
                "[0:10] reward  step 10/100  10%  1.00 step/s  eta 1:30\n",
                "[0:20] reward  step 20/100  20%  1.00 step/s  eta 1:20\n",
                "[0:30] reward  step 30/100  30%  1.00 step/s  eta 1:10\n",
                "[0:40] reward  step 40/100  40%  1.00 step/s  eta 1:00\n",
                "[0:50] reward  step 50/100  50%  1.00 step/s  eta 0:50\n",
                "[1:00] reward  step 60/100  60%  1.00 step/s  eta 0:40\n",
                "[1:12] reward  step 72/100  72%  1.00 step/s  eta 0:28\n",
                "[1:27] reward  step 87/100  87%  1.00 step/s  eta 0:13\n",
                "reward  step 100/100  done in 1 min 40 s  1.00 step/s\n",
            ])
    }

    @Test func aShortRunWritesOnlyItsEndsToAFile() {
        let recorder = Recorder()
        let line = progress(recorder, total: 100, .plain)
        for step in 0...100 {
            recorder.time = Double(step) / 20
            line.update(step)
        }
        line.finish()
        #expect(recorder.output.count == 2)
        #expect(!recorder.output.joined().contains("\r"))
    }

    @Test func withoutATotalThereIsNoPercentage() {
        let recorder = Recorder()
        let line = progress(recorder, total: nil, .plain)
        for step in 0...25 {
            recorder.time = Double(step)
            line.update(step)
        }
        #expect(
            recorder.output == [
                "[0:00] reward  step 0\n", "[0:10] reward  step 10  1.00 step/s\n",
                "[0:20] reward  step 20  1.00 step/s\n",
            ])
    }

    @Test func slowRunsAreToldInSecondsAStep() {
        let recorder = Recorder()
        let line = progress(recorder, total: 4, plainTerminal)
        recorder.time = 10
        line.update(2)
        #expect(
            recorder.output == [
                "\u{1B}[?7l\rreward  step 2/4  50%  5.00 s/step  eta 0:10\u{1B}[K\u{1B}[?7h"
            ])
    }
}
