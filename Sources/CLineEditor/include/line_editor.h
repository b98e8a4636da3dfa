// A line editor over libedit's native interface, without variadic calls and without `FILE *`.
//
// The editor reads keys and draws the line; what a key means (completion, history, paste) is
// asked of `line_editor_handler`, which answers through the functions in the second half.

#ifndef LINE_EDITOR_H
#define LINE_EDITOR_H

#include <stddef.h>
#include <stdint.h>

typedef struct line_editor line_editor;

/// How a reading ended.
enum {
    LINE_EDITOR_FAILED = -1,
    LINE_EDITOR_END = 0,
    LINE_EDITOR_LINE = 1,
    LINE_EDITOR_CANCELLED = 2,
};

/// What the handler is asked to do.
enum {
    LINE_EDITOR_COMPLETE = 1,
    LINE_EDITOR_PREVIOUS = 2,
    LINE_EDITOR_NEXT = 3,
    LINE_EDITOR_PASTE = 4,
    /// The line ends at the cursor: `line_editor_set_hint` may say how it could go on.
    LINE_EDITOR_HINT = 5,
    /// What the hint says goes into the line.
    LINE_EDITOR_ACCEPT = 6,
};

/// What the handler answers: draw the changes, draw everything anew, or beep.
enum {
    LINE_EDITOR_REFRESH = 0,
    LINE_EDITOR_REDRAW = 1,
    LINE_EDITOR_BEEP = 2,
};

/// Called on the reading thread for every key of the events above. `text` is the pasted text for
/// `LINE_EDITOR_PASTE`, else the line so far; both end in NUL and live until the handler returns.
typedef int (*line_editor_handler)(
    void *context, line_editor *editor, int event, const char *text);

/// Sets `LC_CTYPE` from the environment once; if that is not UTF-8, input is still read as UTF-8.
/// Returns 1 if the environment asked for UTF-8, so that output may use it too.
int line_editor_prepare_locale(void);

/// Columns a character takes on a terminal, whatever the locale; 0 for combining characters,
/// -1 for control characters.
int line_editor_character_width(uint32_t character);

/// Opens an editor on two descriptors, which stay the caller's. Returns NULL when `input` is not a
/// terminal or libedit refuses.
line_editor *line_editor_open(
    const char *program, int input, int output, line_editor_handler handler, void *context);
void line_editor_close(line_editor *editor);

/// Reads one line. `prompt` may hold escape sequences between pairs of \001; `prefill` is put into
/// the line first, and may be NULL. `text` is the line without its final newline; it may hold
/// others, and lives until the next call.
int line_editor_read(
    line_editor *editor, const char *prompt, const char *prefill, const char **text,
    size_t *length);

/// Adds an entry for the incremental search (Ctrl-R).
void line_editor_add_history(line_editor *editor, const char *text);

/// Between readings: 1 turns the echo of typed-ahead keys off, 0 restores it.
void line_editor_set_running(line_editor *editor, int running);

/// Asks the editor to take the window's new size and draw the line again. Safe in signal handlers
/// and on other threads.
void line_editor_window_changed(line_editor *editor);

// For handlers: positions count characters (Unicode scalars), texts are UTF-8.

int line_editor_cursor(line_editor *editor);
void line_editor_move_cursor(line_editor *editor, int characters);
void line_editor_insert(line_editor *editor, const char *text);
void line_editor_delete_before(line_editor *editor, int characters);
void line_editor_replace(line_editor *editor, const char *text);
/// Prints below the line; the handler must then answer `LINE_EDITOR_REDRAW`.
void line_editor_print(line_editor *editor, const char *text);
/// Shows how the line could go on, dim and behind the cursor; NULL or "" for nothing. `begin` and
/// `end` are escape sequences around it. What does not fit into the row is cut.
void line_editor_set_hint(
    line_editor *editor, const char *text, const char *begin, const char *end);
void line_editor_size(line_editor *editor, int *rows, int *columns);

#endif
