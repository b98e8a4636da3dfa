// The keys that this editor adds to libedit's emacs mode, and what handlers may do to the line.

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "editor.h"

enum { longest_paste = 1 << 20 };

static line_editor *owner(EditLine *edit) {
    void *data = NULL;
    el_get(edit, EL_CLIENTDATA, &data);
    return data;
}

static char *line_so_far(EditLine *edit) {
    const LineInfo *line = el_line(edit);
    size_t length = (size_t)(line->lastchar - line->buffer);
    char *text = malloc(length + 1);
    if (text == NULL) return NULL;
    memcpy(text, line->buffer, length);
    text[length] = '\0';
    return text;
}

/// Takes `text` and frees it.
static unsigned char ask_handler(EditLine *edit, int event, char *text) {
    line_editor *editor = owner(edit);
    if (text == NULL) return CC_ERROR;
    int answer = editor->handler(editor->context, editor, event, text);
    free(text);
    switch (answer) {
    case LINE_EDITOR_REFRESH: return CC_REFRESH;
    case LINE_EDITOR_REDRAW: return CC_REDISPLAY;
    default: return CC_ERROR;
    }
}

unsigned char editor_ask(EditLine *edit, int event) {
    return ask_handler(edit, event, line_so_far(edit));
}

// MARK: Keys

static unsigned char key_complete(EditLine *edit, int key) {
    (void)key;
    return ask_handler(edit, LINE_EDITOR_COMPLETE, line_so_far(edit));
}

static unsigned char key_previous(EditLine *edit, int key) {
    (void)key;
    return ask_handler(edit, LINE_EDITOR_PREVIOUS, line_so_far(edit));
}

static unsigned char key_next(EditLine *edit, int key) {
    (void)key;
    return ask_handler(edit, LINE_EDITOR_NEXT, line_so_far(edit));
}

/// What is said about it stands behind the line, wherever the cursor was: it goes there first.
static unsigned char key_cancel(EditLine *edit, int key) {
    (void)key;
    line_editor *editor = owner(edit);
    const LineInfoW *line = el_wline(edit);
    if (editor->cancelled || line->cursor == line->lastchar) {
        editor->cancelled = 1;
        return CC_EOF;
    }
    editor->cancelled = 1;
    el_cursor(edit, (int)(line->lastchar - line->cursor));
    el_push(edit, "\003");
    return CC_REFRESH;
}

static unsigned char key_suspend(EditLine *edit, int key) {
    (void)key;
    line_editor *editor = owner(edit);
    int brackets = !terminal_is_dumb();
    if (brackets) terminal_set_bracketed_paste(editor->output, 0);
    el_set(edit, EL_PREP_TERM, 0);
    if (editor->original != NULL) terminal_put_back(editor->original);
    raise(SIGTSTP);
    el_set(edit, EL_PREP_TERM, 1);
    if (brackets) terminal_set_bracketed_paste(editor->output, 1);
    el_resize(edit);
    return CC_REDISPLAY;
}

static unsigned char key_newline(EditLine *edit, int key) {
    (void)key;
    return el_insertstr(edit, "\n") == 0 ? CC_REFRESH : CC_ERROR;
}

/// Enter: a line that ends in a backslash goes on below, any other is done. libedit's own key for
/// it is pushed, because only that one leaves the cursor below the text.
static unsigned char key_enter(EditLine *edit, int key) {
    (void)key;
    const LineInfoW *line = el_wline(edit);
    size_t backslashes = 0;
    while (line->lastchar - backslashes > line->buffer
           && line->lastchar[-1 - (ptrdiff_t)backslashes] == L'\\') {
        backslashes += 1;
    }
    if (backslashes % 2 == 1 && line->cursor == line->lastchar) return key_newline(edit, key);
    el_push(edit, "\017");
    return CC_NORM;
}

/// Forward and to the end: from there on, into the hint.
static unsigned char key_forward(EditLine *edit, int key) {
    (void)key;
    const LineInfoW *line = el_wline(edit);
    if (line->cursor == line->lastchar) return editor_ask(edit, LINE_EDITOR_ACCEPT);
    el_cursor(edit, 1);
    return CC_REFRESH;
}

static unsigned char key_end(EditLine *edit, int key) {
    (void)key;
    const LineInfoW *line = el_wline(edit);
    if (line->cursor == line->lastchar) return editor_ask(edit, LINE_EDITOR_ACCEPT);
    el_cursor(edit, (int)(line->lastchar - line->cursor));
    return CC_REFRESH;
}

static unsigned char key_ignore(EditLine *edit, int key) {
    (void)edit;
    (void)key;
    return CC_NORM;
}

/// Everything up to ESC [ 201 ~ is text, whatever keys it would be.
static unsigned char key_paste(EditLine *edit, int key) {
    (void)key;
    static const wchar_t end[] = L"\033[201~";
    size_t end_length = wcslen(end), length = 0, capacity = 1024;
    wchar_t *wide = malloc(capacity * sizeof *wide);
    wchar_t character;
    while (wide != NULL && el_wgetc(edit, &character) == 1) {
        if (length == capacity) {
            wchar_t *grown = realloc(wide, 2 * capacity * sizeof *wide);
            if (grown == NULL) break;
            wide = grown;
            capacity *= 2;
        }
        wide[length++] = character;
        if (length >= end_length && wmemcmp(wide + length - end_length, end, end_length) == 0) {
            length -= end_length;
            break;
        }
        if (length == longest_paste) length -= 1;  // read to the end, keep the first megabyte
    }
    char *text = wide == NULL ? NULL : malloc(length * MB_CUR_MAX + 1);
    size_t bytes = 0;
    for (size_t i = 0; text != NULL && i < length; i++) {
        int count = wide[i] == 0 ? 0 : wctomb(text + bytes, wide[i]);
        if (count > 0) bytes += (size_t)count;
    }
    if (text != NULL) text[bytes] = '\0';
    free(wide);
    return ask_handler(edit, LINE_EDITOR_PASTE, text);
}

// MARK: Bindings

typedef unsigned char (*key_function)(EditLine *, int);

static const struct {
    const char *name, *help;
    key_function function;
} functions[] = {
    {"notebook-complete", "complete the word", key_complete},
    {"notebook-previous", "line above, or the entry before", key_previous},
    {"notebook-next", "line below, or the entry after", key_next},
    {"notebook-cancel", "drop the line", key_cancel},
    {"notebook-suspend", "stop the process", key_suspend},
    {"notebook-newline", "insert a newline", key_newline},
    {"notebook-enter", "run the line, or go on below", key_enter},
    {"notebook-forward", "next character, or the hint", key_forward},
    {"notebook-end", "end of the line, or the hint", key_end},
    {"notebook-ignore", "do nothing", key_ignore},
    {"notebook-paste", "insert pasted text", key_paste},
};

static const char *const bindings[][2] = {
    // The terminal swaps CR and LF in edit mode, so Enter is bound in both its forms.
    {"^M", "notebook-enter"},
    {"^J", "notebook-enter"},
    {"^O", "ed-newline"},
    {"\\e^M", "notebook-newline"},
    {"\\e^J", "notebook-newline"},
    {"^I", "notebook-complete"},
    {"^C", "notebook-cancel"},
    {"^Z", "notebook-suspend"},
    {"^R", "em-inc-search-prev"},
    {"\\e[A", "notebook-previous"},
    {"\\eOA", "notebook-previous"},
    {"\\e[B", "notebook-next"},
    {"\\eOB", "notebook-next"},
    {"\\e[C", "notebook-forward"},
    {"\\eOC", "notebook-forward"},
    {"^F", "notebook-forward"},
    {"^E", "notebook-end"},
    {"\\e[1;5C", "em-next-word"},
    {"\\e[1;5D", "ed-prev-word"},
    {"\\e[1;3C", "em-next-word"},
    {"\\e[1;3D", "ed-prev-word"},
    {"\\e[H", "ed-move-to-beg"},
    {"\\eOH", "ed-move-to-beg"},
    {"\\e[1~", "ed-move-to-beg"},
    {"\\e[7~", "ed-move-to-beg"},
    {"\\e[F", "notebook-end"},
    {"\\eOF", "notebook-end"},
    {"\\e[4~", "notebook-end"},
    {"\\e[8~", "notebook-end"},
    {"\\e[3~", "ed-delete-next-char"},
    {"\\e[200~", "notebook-paste"},
    {"\\e[201~", "notebook-ignore"},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/// The user's own `.editrc` comes after the names exist and before the keys that must work.
int editor_bind_keys(line_editor *editor) {
    EditLine *edit = editor->edit;
    int failures = 0;
    for (size_t i = 0; i < COUNT(functions); i++) {
        failures += el_set(
            edit, EL_ADDFN, functions[i].name, functions[i].help, functions[i].function) != 0;
    }
    el_source(edit, NULL);
    for (size_t i = 0; i < COUNT(bindings); i++) {
        failures += el_set(edit, EL_BIND, bindings[i][0], bindings[i][1], NULL) != 0;
    }
    const char *mode = "";
    el_get(edit, EL_EDITOR, &mode);
    editor->is_vi = mode != NULL && strcmp(mode, "vi") == 0;
    if (editor->is_vi) {
        static const char *const commands[][2] = {
            {"^C", "notebook-cancel"}, {"^Z", "notebook-suspend"}, {"^O", "ed-newline"}};
        for (size_t i = 0; i < COUNT(commands); i++) {
            failures += el_set(edit, EL_BIND, "-a", commands[i][0], commands[i][1], NULL) != 0;
        }
        failures += el_set(edit, EL_BIND, "^]", "vi-command-mode", NULL) != 0;
    }
    return failures == 0;
}

// MARK: For handlers

int line_editor_cursor(line_editor *editor) {
    const LineInfoW *line = el_wline(editor->edit);
    return (int)(line->cursor - line->buffer);
}

void line_editor_move_cursor(line_editor *editor, int characters) {
    el_cursor(editor->edit, characters);
}

void line_editor_insert(line_editor *editor, const char *text) {
    if (*text != '\0') el_insertstr(editor->edit, text);
}

void line_editor_delete_before(line_editor *editor, int characters) {
    if (characters > 0) el_deletestr(editor->edit, characters);
}

void line_editor_replace(line_editor *editor, const char *text) {
    const LineInfoW *line = el_wline(editor->edit);
    el_cursor(editor->edit, (int)(line->lastchar - line->cursor));
    line = el_wline(editor->edit);
    line_editor_delete_before(editor, (int)(line->cursor - line->buffer));
    line_editor_insert(editor, text);
}

void line_editor_print(line_editor *editor, const char *text) {
    fputs(text, editor->output_stream);
    fflush(editor->output_stream);
}

void line_editor_size(line_editor *editor, int *rows, int *columns) {
    *rows = 24;
    *columns = 80;
    el_get(editor->edit, EL_GETTC, "li", rows);
    el_get(editor->edit, EL_GETTC, "co", columns);
}
