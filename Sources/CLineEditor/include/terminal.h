// Terminal settings and pseudo terminals: what Swift's Glibc module does not show.

#ifndef TERMINAL_H
#define TERMINAL_H

#include <stddef.h>
#include <sys/types.h>

/// Rows and columns of the window behind a descriptor; returns 0, or -1 when there is none.
int terminal_window_size(int descriptor, int *rows, int *columns);
int terminal_set_window_size(int descriptor, int rows, int columns);

/// Whether TERM says that the terminal moves no cursor: unset, empty or `dumb`.
int terminal_is_dumb(void);

/// Settings of a terminal, kept while it is in another mode.
typedef struct terminal_settings terminal_settings;

/// Turns off echo, line buffering and signals, and returns the settings from before, or NULL when
/// the descriptor is not a terminal. The process restores them at exit if nothing else did.
terminal_settings *terminal_enter_raw(int descriptor);
/// Turns off echo only: keys still make signals.
terminal_settings *terminal_enter_silent(int descriptor);
/// Changes nothing: keeps the settings for later, and for the exit of the process.
terminal_settings *terminal_remember(int descriptor);
/// Makes the settings those of the terminal again.
void terminal_put_back(const terminal_settings *settings);
/// Restores the settings and frees them.
void terminal_restore(terminal_settings *settings);

/// Bracketed paste is switched off again at exit if it is still on.
void terminal_set_bracketed_paste(int descriptor, int on);

/// Opens a pseudo terminal in this process; returns 0, or -1 with errno.
int pseudo_terminal_open(int *master, int *slave, int rows, int columns);

/// Starts a program on a new pseudo terminal as its controlling terminal, and returns its process
/// id, or -1 with errno. `environment` may be NULL for this process's own.
pid_t pseudo_terminal_spawn(
    const char *path, char *const arguments[], char *const environment[], int rows, int columns,
    int *master);

#endif
