// Opening, reading, closing.

#define _GNU_SOURCE
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "editor.h"

// MARK: Locale

static int environment_is_utf8;
static locale_t width_locale;
static pthread_once_t locale_once = PTHREAD_ONCE_INIT;

static void prepare_locale(void) {
    const char *name = setlocale(LC_CTYPE, "");
    environment_is_utf8 = name != NULL && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    // libedit drops what the locale cannot read, and crashes on a prompt that it cannot read.
    if (!environment_is_utf8) setlocale(LC_CTYPE, "C.UTF-8");
    width_locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

int line_editor_prepare_locale(void) {
    pthread_once(&locale_once, prepare_locale);
    return environment_is_utf8;
}

int line_editor_character_width(uint32_t character) {
    line_editor_prepare_locale();
    if (width_locale == (locale_t)0) return character < 0x20 || character == 0x7F ? -1 : 1;
    locale_t before = uselocale(width_locale);
    int width = wcwidth((wchar_t)character);
    uselocale(before);
    return width;
}

// MARK: Life

static char *current_prompt(EditLine *edit) {
    void *data = NULL;
    el_get(edit, EL_CLIENTDATA, &data);
    return (char *)((line_editor *)data)->prompt;
}

static int open_streams(line_editor *editor) {
    int input = dup(editor->input), output = dup(editor->output);
    editor->input_stream = input < 0 ? NULL : fdopen(input, "r");
    editor->output_stream = output < 0 ? NULL : fdopen(output, "w");
    if (editor->input_stream == NULL && input >= 0) close(input);
    if (editor->output_stream == NULL && output >= 0) close(output);
    return editor->input_stream != NULL && editor->output_stream != NULL;
}

static int open_wake_pipe(line_editor *editor) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return 0;
    editor->wake_read = ends[0];
    editor->wake_write = ends[1];
    return 1;
}

static int open_history(line_editor *editor) {
    HistEvent event;
    editor->history = history_init();
    if (editor->history == NULL) return 0;
    history(editor->history, &event, H_SETSIZE, 10000);
    history(editor->history, &event, H_SETUNIQUE, 1);
    return el_set(editor->edit, EL_HIST, history, editor->history) == 0;
}

static int open_edit(line_editor *editor, const char *program) {
    FILE *output = editor->output_stream;
    EditLine *edit = editor->edit = el_init(program, editor->input_stream, output, output);
    if (edit == NULL) return 0;
    el_set(edit, EL_CLIENTDATA, editor);
    el_set(edit, EL_SIGNAL, 0);
    el_set(edit, EL_EDITOR, "emacs");
    el_set(edit, EL_PROMPT_ESC, current_prompt, '\1');
    el_set(edit, EL_GETCFN, editor_read_character);
    // While a line is edited Ctrl-C and Ctrl-Z are keys; at other times they are signals.
    el_set(edit, EL_SETTY, "-d", "-isig", NULL);
    // Between two lines nothing is echoed either: keys typed ahead are shown by the next line.
    el_set(edit, EL_SETTY, "-x", "-echo", NULL);
    return open_history(editor) && editor_bind_keys(editor);
}

line_editor *line_editor_open(
    const char *program, int input, int output, line_editor_handler handler, void *context) {
    line_editor_prepare_locale();
    if (!isatty(input)) return NULL;
    line_editor *editor = calloc(1, sizeof *editor);
    if (editor == NULL) return NULL;
    editor->input = input;
    editor->output = output;
    editor->wake_read = editor->wake_write = -1;
    editor->handler = handler;
    editor->context = context;
    editor->prompt = "";
    editor->original = terminal_remember(input);
    if (open_streams(editor) && open_wake_pipe(editor) && open_edit(editor, program)) return editor;
    line_editor_close(editor);
    return NULL;
}

void line_editor_close(line_editor *editor) {
    line_editor_set_running(editor, 0);
    if (editor->edit != NULL) {
        el_set(editor->edit, EL_EDITMODE, 0);  // else el_end throws typed-ahead keys away
        el_end(editor->edit);
    }
    if (editor->original != NULL) terminal_restore(editor->original);
    if (editor->history != NULL) history_end(editor->history);
    if (editor->input_stream != NULL) fclose(editor->input_stream);
    if (editor->output_stream != NULL) fclose(editor->output_stream);
    if (editor->wake_read >= 0) close(editor->wake_read);
    if (editor->wake_write >= 0) close(editor->wake_write);
    free(editor->text);
    free(editor);
}

void line_editor_add_history(line_editor *editor, const char *text) {
    HistEvent event;
    history(editor->history, &event, H_ENTER, text);
}

void line_editor_set_running(line_editor *editor, int running) {
    if (running && editor->running == NULL) {
        editor->running = terminal_enter_silent(editor->input);
    } else if (!running && editor->running != NULL) {
        terminal_restore(editor->running);
        editor->running = NULL;
    }
}

// MARK: Reading

// libedit leaves old text behind the line it returns, so exactly `count` bytes are taken.
static int keep_line(line_editor *editor, const char *line, int count) {
    size_t length = (size_t)count;
    if (length > 0 && line[length - 1] == '\n') length -= 1;
    char *copy = malloc(length + 1);
    if (copy == NULL) return 0;
    memcpy(copy, line, length);
    copy[length] = '\0';
    free(editor->text);
    editor->text = copy;
    return 1;
}

int line_editor_read(
    line_editor *editor, const char *prompt, const char *prefill, const char **text,
    size_t *length) {
    line_editor_set_running(editor, 0);
    editor->prompt = prompt;
    editor->prefill = prefill;
    editor->cancelled = 0;
    editor->is_hint_shown = 0;
    int brackets = !terminal_is_dumb();
    if (brackets) terminal_set_bracketed_paste(editor->output, 1);
    editor_watch_window(editor);
    // libedit would show the prompt first: a Ctrl-C in between would be a signal.
    el_set(editor->edit, EL_PREP_TERM, 1);
    int count = 0;
    const char *line = el_gets(editor->edit, &count);
    editor_unwatch_window();
    if (brackets) terminal_set_bracketed_paste(editor->output, 0);
    editor->prompt = "";
    editor->prefill = NULL;

    if (editor->cancelled) {
        fputs("^C\n", editor->output_stream);
    } else if (line == NULL) {
        fputs("\n", editor->output_stream);
    }
    fflush(editor->output_stream);
    if (editor->cancelled) return LINE_EDITOR_CANCELLED;
    if (line == NULL || count <= 0) return count < 0 ? LINE_EDITOR_FAILED : LINE_EDITOR_END;
    if (!keep_line(editor, line, count)) return LINE_EDITOR_FAILED;
    *text = editor->text;
    *length = strlen(editor->text);
    return LINE_EDITOR_LINE;
}
