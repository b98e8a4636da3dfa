// Terminal settings, restored whatever happens.

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "terminal.h"

struct terminal_settings {
    int descriptor;
    struct termios before;
};

int terminal_window_size(int descriptor, int *rows, int *columns) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return -1;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return 0;
}

int terminal_set_window_size(int descriptor, int rows, int columns) {
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    return ioctl(descriptor, TIOCSWINSZ, &size);
}

int terminal_is_dumb(void) {
    const char *name = getenv("TERM");
    return name == NULL || *name == '\0' || strcmp(name, "dumb") == 0;
}

// MARK: At exit

static _Atomic(terminal_settings *) changed_settings;
static atomic_int bracketed_descriptor = -1;
static pthread_once_t exit_once = PTHREAD_ONCE_INIT;

static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l";

static void write_all(int descriptor, const char *text) {
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t count = write(descriptor, text, left);
        if (count <= 0) return;
        text += count;
        left -= (size_t)count;
    }
}

static void restore_at_exit(void) {
    int descriptor = atomic_exchange(&bracketed_descriptor, -1);
    if (descriptor >= 0) write_all(descriptor, paste_off);
    terminal_settings *settings = atomic_exchange(&changed_settings, NULL);
    if (settings != NULL) tcsetattr(settings->descriptor, TCSADRAIN, &settings->before);
}

static void register_exit(void) { atexit(restore_at_exit); }

// MARK: Modes

static terminal_settings *change(int descriptor, tcflag_t local_flags_off) {
    pthread_once(&exit_once, register_exit);
    terminal_settings *settings = malloc(sizeof *settings);
    if (settings == NULL) return NULL;
    settings->descriptor = descriptor;
    if (tcgetattr(descriptor, &settings->before) != 0) {
        free(settings);
        return NULL;
    }
    struct termios now = settings->before;
    now.c_lflag &= ~local_flags_off;
    now.c_cc[VMIN] = 1;
    now.c_cc[VTIME] = 0;
    // Typed-ahead keys are kept: nothing is flushed.
    if (local_flags_off != 0 && tcsetattr(descriptor, TCSADRAIN, &now) != 0) {
        free(settings);
        return NULL;
    }
    terminal_settings *none = NULL;
    atomic_compare_exchange_strong(&changed_settings, &none, settings);
    return settings;
}

terminal_settings *terminal_enter_raw(int descriptor) {
    return change(descriptor, ECHO | ICANON | ISIG | IEXTEN);
}

terminal_settings *terminal_enter_silent(int descriptor) { return change(descriptor, ECHO); }

terminal_settings *terminal_remember(int descriptor) { return change(descriptor, 0); }

void terminal_put_back(const terminal_settings *settings) {
    tcsetattr(settings->descriptor, TCSADRAIN, &settings->before);
}

void terminal_restore(terminal_settings *settings) {
    terminal_settings *expected = settings;
    atomic_compare_exchange_strong(&changed_settings, &expected, NULL);
    terminal_put_back(settings);
    free(settings);
}

void terminal_set_bracketed_paste(int descriptor, int on) {
    pthread_once(&exit_once, register_exit);
    atomic_store(&bracketed_descriptor, on ? descriptor : -1);
    write_all(descriptor, on ? paste_on : paste_off);
}
