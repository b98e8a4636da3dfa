internal import CLineEditor

/// Lines edited at a terminal with libedit: emacs keys, history, search, completion, paste.
///
/// It belongs to the thread that reads. Ctrl-C at the prompt is a key, in a running cell a signal.
@safe public final class LibeditEditor: LineEditor {
    public var completer: Completer?

    private let capabilities: TerminalCapabilities
    private let input: Int32
    private var editor: OpaquePointer?
    private var history = HistoryNavigator()
    private var prompt = ""
    /// The line at the last Tab: a second Tab on it asks for the list.
    private var lastCompletion: CompletionRequest?
    /// How many parts of its list have been shown.
    private var shownParts = 0

    /// - Parameters:
    ///   - program: The name under which `.editrc` may have settings.
    ///   - input: A terminal; both descriptors stay the caller's.
    public init(
        program: String, capabilities: TerminalCapabilities, input: Int32 = 0, output: Int32 = 1
    ) throws(TerminalError) {
        self.capabilities = capabilities
        self.input = input
        guard isTerminal(input) else { throw TerminalError.notATerminal(descriptor: input) }
        guard isTerminal(output) else { throw TerminalError.notATerminal(descriptor: output) }
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe editor = line_editor_open(program, input, output, handleKey, context)
        if unsafe editor == nil { throw TerminalError.editorUnavailable }
    }

    deinit {
        if let editor = unsafe editor { unsafe line_editor_close(editor) }
    }

    public func readLine(prompt: StyledLine, prefill: String?) -> LineResult {
        guard let editor = unsafe editor else { return .endOfInput }
        self.prompt = prompt.plainText
        history.reset()
        lastCompletion = nil
        var text: UnsafePointer<CChar>?
        var length = 0
        let encoded = promptText(prompt, capabilities: capabilities)
        let result = unsafe line_editor_read(editor, encoded, prefill, &text, &length)
        switch Int(result) {
        case Int(LINE_EDITOR_LINE):
            return unsafe .line(text.map { unsafe String(cString: $0) } ?? "")
        case Int(LINE_EDITOR_CANCELLED): return .cancelled
        default: return .endOfInput
        }
    }

    public func readKey() -> KeyResult { readKey(idle: {}) }

    public func readKey(idle: () -> Void) -> KeyResult {
        guard let mode = RawMode(descriptor: input) else { return .endOfInput }
        let input = input
        while !keyIsWaiting(input, milliseconds: 150) { idle() }
        let decoder = KeyDecoder(
            nextByte: { readBytes(from: input, limit: 1).first },
            hasMore: { keyIsWaiting(input, milliseconds: 50) })
        let key = decoder.key()
        _ = consume mode
        return key
    }

    public var hasTypeAhead: Bool { keyIsWaiting(input, milliseconds: 0) }

    public func addHistory(_ line: String) {
        history.add(line)
        if let editor = unsafe editor { unsafe line_editor_add_history(editor, line) }
    }

    public func beginRunning() {
        if let editor = unsafe editor { unsafe line_editor_set_running(editor, 1) }
    }

    public func endRunning() {
        if let editor = unsafe editor { unsafe line_editor_set_running(editor, 0) }
    }

    // MARK: Keys

    /// Returns one of `LINE_EDITOR_REFRESH`, `LINE_EDITOR_REDRAW` and `LINE_EDITOR_BEEP`.
    fileprivate func handle(_ event: Int, _ text: String, _ editor: OpaquePointer) -> Int {
        switch event {
        case Int(LINE_EDITOR_PASTE):
            unsafe line_editor_insert(editor, pastedText(text, prompt: prompt))
            return Int(LINE_EDITOR_REFRESH)
        case Int(LINE_EDITOR_COMPLETE):
            return unsafe complete(text, editor)
        case Int(LINE_EDITOR_HINT):
            unsafe showHint(for: text, editor)
            return Int(LINE_EDITOR_REFRESH)
        case Int(LINE_EDITOR_ACCEPT):
            guard let hint = history.hint(for: text) else { return Int(LINE_EDITOR_BEEP) }
            unsafe line_editor_insert(editor, hint)
            return Int(LINE_EDITOR_REFRESH)
        default:
            return unsafe move(isUp: event == Int(LINE_EDITOR_PREVIOUS), text, editor)
        }
    }

    /// Of an entry of several lines the rest of the first is shown.
    private func showHint(for line: String, _ editor: OpaquePointer) {
        guard capabilities.styles, let hint = history.hint(for: line) else { return }
        let first = hint.prefix { !$0.isNewline }
        let more = first.count < hint.count ? capabilities.ellipsis : ""
        let codes = Style.dim.codes(for: capabilities).map(String.init).joined(separator: ";")
        let text = visibleText(first + more)
        unsafe line_editor_set_hint(
            editor, capabilities.unicode ? text : asciiText(text), "\u{1B}[\(codes)m", "\u{1B}[0m")
    }

    private func complete(_ line: String, _ editor: OpaquePointer) -> Int {
        let request = unsafe CompletionRequest(
            line: line, cursor: Int(line_editor_cursor(editor)))
        let step = CompletionStep(
            request, candidates: completer?(request) ?? [], isRepeated: request == lastCompletion)
        if request != lastCompletion { shownParts = 0 }
        lastCompletion = request
        switch step {
        case .none:
            return Int(LINE_EDITOR_BEEP)
        case .replaceWord(let word):
            unsafe line_editor_delete_before(editor, Int32(request.word.unicodeScalars.count))
            unsafe line_editor_insert(editor, word)
            return Int(LINE_EDITOR_REFRESH)
        case .list(let completions):
            var rows: Int32 = 0
            var columns: Int32 = 0
            unsafe line_editor_size(editor, &rows, &columns)
            // The line stands above the list and again below it.
            let list = CompletionList(
                completions: completions, mostLines: max(3, Int(rows) - 2), part: shownParts)
            shownParts += 1
            unsafe line_editor_print(
                editor, "\n" + list.text(width: Int(columns) - 1, capabilities: capabilities))
            return Int(LINE_EDITOR_REDRAW)
        }
    }

    /// Within a text of several lines the arrows move first, then they leaf through the history.
    private func move(isUp: Bool, _ line: String, _ editor: OpaquePointer) -> Int {
        let cursor = unsafe Int(line_editor_cursor(editor))
        if let target = verticalTarget(in: line, cursor: cursor, isUp: isUp) {
            unsafe line_editor_move_cursor(editor, Int32(target - cursor))
            return Int(LINE_EDITOR_REFRESH)
        }
        let before = CompletionRequest(line: line, cursor: cursor).beforeCursor
        let entry =
            isUp
            ? history.previous(line: line, beforeCursor: before)
            : history.next(line: line, beforeCursor: before)
        guard let entry else { return Int(LINE_EDITOR_BEEP) }
        unsafe line_editor_replace(editor, entry)
        return Int(LINE_EDITOR_REFRESH)
    }
}

/// Called by the C editor, on the thread that reads.
private func handleKey(
    _ context: UnsafeMutableRawPointer?, _ editor: OpaquePointer?, _ event: Int32,
    _ text: UnsafePointer<CChar>?
) -> Int32 {
    guard let context = unsafe context, let editor = unsafe editor, let text = unsafe text else {
        return Int32(LINE_EDITOR_BEEP)
    }
    let owner = unsafe Unmanaged<LibeditEditor>.fromOpaque(context).takeUnretainedValue()
    let line = unsafe String(cString: text)
    return unsafe Int32(owner.handle(Int(event), line, editor))
}
