// Reading one character: keys, and word from elsewhere that the window has changed.

#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "editor.h"

// MARK: Window changes

static atomic_int watching_pipe = -1;
static struct sigaction action_before;

static void window_changed(int signal) {
    (void)signal;
    int error = errno;
    int pipe = atomic_load(&watching_pipe);
    if (pipe >= 0 && write(pipe, "w", 1) < 0) { /* the pipe is full: it will wake anyway */ }
    errno = error;
}

void line_editor_window_changed(line_editor *editor) {
    if (write(editor->wake_write, "w", 1) < 0) { /* full: see above */ }
}

int editor_watch_window(line_editor *editor) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = window_changed;
    action.sa_flags = SA_RESTART;  // without it a resize would throw the line away
    sigemptyset(&action.sa_mask);
    atomic_store(&watching_pipe, editor->wake_write);
    return sigaction(SIGWINCH, &action, &action_before);
}

void editor_unwatch_window(void) {
    sigaction(SIGWINCH, &action_before, NULL);
    atomic_store(&watching_pipe, -1);
}

// MARK: Characters

typedef struct {
    int row, column, columns;
} position;

static void advance(position *place, wchar_t character) {
    int width = wcwidth(character);
    if (character == L'\n' || place->column + width > place->columns) {
        place->row += 1;
        place->column = 0;
    }
    if (width > 0) place->column += width;
}

/// Rows below the prompt and columns of the cursor, as the terminal has wrapped the line.
static position cursor_position(line_editor *editor, int columns) {
    position place = {.row = 0, .column = 0, .columns = columns};
    mbstate_t state;
    memset(&state, 0, sizeof state);
    int is_literal = 0;  // between two \001, nothing is drawn
    for (const char *rest = editor->prompt; *rest != '\0';) {
        wchar_t character;
        size_t used = mbrtowc(&character, rest, strlen(rest), &state);
        if (used == 0 || used > strlen(rest)) break;
        rest += used;
        if (character == 1) is_literal = !is_literal;
        else if (!is_literal) advance(&place, character);
    }
    const LineInfoW *line = el_wline(editor->edit);
    for (const wchar_t *at = line->buffer; at < line->cursor; at++) advance(&place, *at);
    place.row += place.column == columns;
    return place;
}

// MARK: Hints

static void hide_hint(line_editor *editor) {
    if (!editor->is_hint_shown) return;
    editor->is_hint_shown = 0;
    fputs("\033[K", editor->output_stream);
    fflush(editor->output_stream);
}

/// libedit knows nothing of the hint: it is drawn behind the cursor while nobody types, and gone
/// before the next key is taken.
static void show_hint(line_editor *editor) {
    const LineInfoW *line = el_wline(editor->edit);
    if (line->cursor != line->lastchar || line->lastchar == line->buffer) return;
    if (terminal_is_dumb()) return;
    struct pollfd source = {.fd = editor->input, .events = POLLIN};
    if (poll(&source, 1, 0) != 0) return;  // somebody types faster than hints are read
    editor_ask(editor->edit, LINE_EDITOR_HINT);
}

void line_editor_set_hint(
    line_editor *editor, const char *text, const char *begin, const char *end) {
    int rows, columns;
    if (text == NULL || *text == '\0') return;
    if (terminal_window_size(editor->input, &rows, &columns) != 0) return;
    position place = cursor_position(editor, columns);
    // The last column stays free, so that nothing wraps.
    int room = columns - 1 - place.column;
    size_t length = 0;
    mbstate_t state;
    memset(&state, 0, sizeof state);
    while (text[length] != '\0') {
        wchar_t character;
        size_t used = mbrtowc(&character, text + length, strlen(text + length), &state);
        if (used == 0 || used > strlen(text + length)) break;
        int width = wcwidth(character);
        if (width < 0 || width > room) break;
        room -= width;
        length += used;
    }
    if (length == 0) return;
    fprintf(
        editor->output_stream, "\0337%s%.*s%s\0338", begin, (int)length, text, end);
    fflush(editor->output_stream);
    editor->is_hint_shown = 1;
}

// MARK: Keys

static void redraw_for_new_size(line_editor *editor) {
    editor->is_hint_shown = 0;
    char bytes[64];
    while (read(editor->wake_read, bytes, sizeof bytes) > 0) {}
    int rows, columns;
    int is_known = terminal_window_size(editor->input, &rows, &columns) == 0;
    if (is_known && !terminal_is_dumb()) {
        int up = cursor_position(editor, columns).row;
        if (up > 0) fprintf(editor->output_stream, "\033[%dA", up);
        fputs("\r\033[J", editor->output_stream);
        fflush(editor->output_stream);
    }
    el_resize(editor->edit);
    el_set(editor->edit, EL_REFRESH);
}

/// Returns 1 when a key waits, 0 at the end of input, -1 on failure.
static int wait_for_key(line_editor *editor) {
    for (;;) {
        struct pollfd sources[2] = {
            {.fd = editor->input, .events = POLLIN}, {.fd = editor->wake_read, .events = POLLIN}};
        if (poll(sources, 2, -1) < 0) {
            if (errno == EINTR) continue;
            return -1;
        }
        if (sources[1].revents & POLLIN) redraw_for_new_size(editor);
        if (sources[0].revents & POLLNVAL) return -1;
        if (sources[0].revents & (POLLIN | POLLHUP | POLLERR)) return 1;
    }
}

/// The Escape key of vi is the first byte of the arrow keys too: theirs is followed at once.
static int another_byte_follows(line_editor *editor) {
    struct pollfd source = {.fd = editor->input, .events = POLLIN};
    return poll(&source, 1, 40) > 0;
}

static void put_prefill(line_editor *editor) {
    const char *text = editor->prefill;
    editor->prefill = NULL;
    if (text == NULL || *text == '\0') return;
    el_insertstr(editor->edit, text);
    // libedit has shown the prompt already and draws all of the line anew, from where the cursor is.
    fputs("\r", editor->output_stream);
    el_set(editor->edit, EL_REFRESH);
}

int editor_read_character(EditLine *edit, wchar_t *character) {
    void *data = NULL;
    el_get(edit, EL_CLIENTDATA, &data);
    line_editor *editor = data;
    put_prefill(editor);
    mbstate_t state;
    memset(&state, 0, sizeof state);
    show_hint(editor);
    for (;;) {
        int ready = wait_for_key(editor);
        hide_hint(editor);
        if (ready <= 0) return ready;
        char byte;
        ssize_t count = read(editor->input, &byte, 1);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (count < 0 && errno != EIO) return -1;
        if (count <= 0) return 0;  // EIO: the other side of the terminal has gone
        if (byte == '\033' && editor->is_vi && !another_byte_follows(editor)) byte = lone_escape;
        size_t used = mbrtowc(character, &byte, 1, &state);
        if (used == (size_t)-2) continue;
        if (used == (size_t)-1) {  // not UTF-8: heard, not taken
            memset(&state, 0, sizeof state);
            el_beep(edit);
            continue;
        }
        return 1;
    }
}
