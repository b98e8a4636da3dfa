// Pseudo terminals: how the tests hold the other end of a terminal.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "terminal.h"

extern char **environ;

int pseudo_terminal_open(int *master, int *slave, int rows, int columns) {
    int other = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (other < 0) return -1;
    char name[128];
    int terminal = -1;
    if (grantpt(other) == 0 && unlockpt(other) == 0 && ptsname_r(other, name, sizeof name) == 0) {
        terminal = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    }
    if (terminal < 0 || terminal_set_window_size(terminal, rows, columns) != 0) {
        int error = errno;
        if (terminal >= 0) close(terminal);
        close(other);
        errno = error;
        return -1;
    }
    *master = other;
    *slave = terminal;
    return 0;
}

pid_t pseudo_terminal_spawn(
    const char *path, char *const arguments[], char *const environment[], int rows, int columns,
    int *master) {
    int slave;
    if (pseudo_terminal_open(master, &slave, rows, columns) != 0) return -1;
    pid_t child = fork();
    if (child == 0) {
        // Only async-signal-safe calls between fork and exec.
        setsid();
        ioctl(slave, TIOCSCTTY, 0);
        dup2(slave, 0);
        dup2(slave, 1);
        dup2(slave, 2);
        execve(path, arguments, environment == NULL ? environ : environment);
        _exit(127);
    }
    close(slave);
    if (child < 0) close(*master);
    return child;
}
