// HTTP over the system's libcurl, loaded when the first request is made, and listening on loopback.
//
// libcurl is not linked: with what it depends on it would add 10 ms to every start of a program that
// seldom asks a server anything. Its option numbers never change (curl's ABI promise), so no header of
// it is needed either.

#ifndef WEB_TRANSFER_H
#define WEB_TRANSFER_H

#include <stddef.h>

typedef struct web_client web_client;

/// Why there is no answer.
enum {
    WEB_DONE = 0,
    WEB_UNREACHABLE = 1,
    WEB_TIMED_OUT = 2,
    WEB_STOPPED = 3,
    WEB_BAD_ADDRESS = 4,
    WEB_NOT_TRUSTED = 5,
    WEB_BROKEN_OFF = 6,
};

typedef struct {
    /// One of the enumeration above.
    int outcome;
    long status;
    unsigned char *body;
    size_t length;
    /// Whether the rest of the body was refused.
    int is_too_large;
    /// The library's own words about a failure.
    char message[256];
} web_answer;

/// Returns NULL when the system has no libcurl.
web_client *web_client_open(void);
void web_client_close(web_client *client);

/// Sends a request and waits for the answer, whose body is freed with `web_answer_free`. `headers`
/// ends in NULL; `stop` is asked several times a second and ends the wait when it answers 1.
void web_client_send(
    web_client *client, const char *method, const char *address, const char *const headers[],
    const unsigned char *body, size_t length, long seconds, int (*stop)(void),
    web_answer *answer);
void web_answer_free(web_answer *answer);

/// Listens on 127.0.0.1; port 0 takes a free one. Returns a descriptor, or -1 with errno; `bound` is
/// the port.
int web_listen(int port, int *bound);
/// The next connection; -1 when none came in so many milliseconds.
int web_accept(int listener, int milliseconds);

#endif
