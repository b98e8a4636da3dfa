// Inside the shim: the editor's state.

#ifndef EDITOR_H
#define EDITOR_H

#include <histedit.h>
#include <stdio.h>

#include "line_editor.h"
#include "terminal.h"

struct line_editor {
    EditLine *edit;
    History *history;
    FILE *input_stream, *output_stream;
    int input, output;
    int wake_read, wake_write;  // a pipe; a byte in it means: the window changed
    line_editor_handler handler;
    void *context;

    const char *prompt;
    const char *prefill;  // put into the line before the first key
    int cancelled;
    int is_hint_shown;
    int is_vi;  // the user's .editrc asked for vi's keys
    char *text;  // the last line read

    terminal_settings *original;  // settings of the terminal before the editor came
    terminal_settings *running;  // settings to restore, while a cell runs
};

int editor_read_character(EditLine *edit, wchar_t *character);
int editor_watch_window(line_editor *editor);
void editor_unwatch_window(void);
unsigned char editor_ask(EditLine *edit, int event);

enum { lone_escape = 0x1D };  // what the Escape key becomes in vi's mode

int editor_bind_keys(line_editor *editor);

#endif
