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

/// The rows from the prompt down to the cursor, after the terminal has wrapped the line anew.
static int cursor_row(line_editor *editor, int columns) {
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
    return place.row + (place.column == columns);
}

static void redraw_for_new_size(line_editor *editor) {
    char bytes[64];
    while (read(editor->wake_read, bytes, sizeof bytes) > 0) {}
    int rows, columns;
    int is_known = terminal_window_size(editor->input, &rows, &columns) == 0;
    if (is_known && !editor_terminal_is_dumb()) {
        int up = cursor_row(editor, columns);
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

static void put_prefill(line_editor *editor) {
    const char *text = editor->prefill;
    editor->prefill = NULL;
    if (text == NULL || *text == '\0') return;
    el_insertstr(editor->edit, text);
    el_set(editor->edit, EL_REFRESH);
}

int editor_read_character(EditLine *edit, wchar_t *character) {
    void *data = NULL;
    el_get(edit, EL_CLIENTDATA, &data);
    line_editor *editor = data;
    put_prefill(editor);
    mbstate_t state;
    memset(&state, 0, sizeof state);
    for (;;) {
        int ready = wait_for_key(editor);
        if (ready <= 0) return ready;
        char byte;
        ssize_t count = read(editor->input, &byte, 1);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (count < 0 && errno != EIO) return -1;
        if (count <= 0) return 0;  // EIO: the other side of the terminal has gone
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
