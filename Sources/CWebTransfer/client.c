// A client of libcurl's easy interface, one connection kept open between requests.

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "web_transfer.h"

// From curl/curl.h.
enum {
    OPTION_WRITE_DATA = 10001,
    OPTION_ADDRESS = 10002,
    OPTION_ERROR_BUFFER = 10010,
    OPTION_TIMEOUT = 13,
    OPTION_BODY = 10015,
    OPTION_USER_AGENT = 10018,
    OPTION_HEADERS = 10023,
    OPTION_METHOD = 10036,
    OPTION_NO_PROGRESS = 43,
    OPTION_PROGRESS_DATA = 10057,
    OPTION_CONNECT_TIMEOUT = 78,
    OPTION_NO_SIGNAL = 99,
    OPTION_NO_PROXY = 10177,
    OPTION_PROTOCOLS = 181,
    OPTION_WRITE_FUNCTION = 20011,
    OPTION_PROGRESS_FUNCTION = 20219,
    OPTION_BODY_SIZE = 30120,
    INFO_STATUS = 0x200002,
    PROTOCOLS_HTTP_AND_HTTPS = 3,
};

struct web_client {
    void *library;
    void *handle;
    int (*set)(void *, int, ...);
    int (*perform)(void *);
    int (*info)(void *, int, ...);
    void *(*append)(void *, const char *);
    void (*free_list)(void *);
    void (*reset)(void *);
    void (*cleanup)(void *);
    const char *(*words)(int);
};

web_client *web_client_open(void) {
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) library = dlopen("libcurl-gnutls.so.4", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return NULL;
    web_client *client = calloc(1, sizeof *client);
    if (client == NULL) return NULL;
    client->library = library;
    void *(*open)(void) = (void *(*)(void))dlsym(library, "curl_easy_init");
    client->set = (int (*)(void *, int, ...))dlsym(library, "curl_easy_setopt");
    client->perform = (int (*)(void *))dlsym(library, "curl_easy_perform");
    client->info = (int (*)(void *, int, ...))dlsym(library, "curl_easy_getinfo");
    client->append = (void *(*)(void *, const char *))dlsym(library, "curl_slist_append");
    client->free_list = (void (*)(void *))dlsym(library, "curl_slist_free_all");
    client->reset = (void (*)(void *))dlsym(library, "curl_easy_reset");
    client->cleanup = (void (*)(void *))dlsym(library, "curl_easy_cleanup");
    client->words = (const char *(*)(int))dlsym(library, "curl_easy_strerror");
    int complete = open && client->set && client->perform && client->info && client->append
        && client->free_list && client->reset && client->cleanup && client->words;
    if (complete) client->handle = open();
    if (client->handle == NULL) {
        web_client_close(client);
        return NULL;
    }
    return client;
}

void web_client_close(web_client *client) {
    if (client->handle != NULL) client->cleanup(client->handle);
    // The library stays loaded: TLS libraries do not like to be taken away.
    free(client);
}

// A server that never stops must not fill the memory.
static const size_t largest_answer = (size_t)2 << 30;

static size_t receive(const void *bytes, size_t size, size_t count, void *context) {
    web_answer *answer = context;
    size_t length = size * count;
    if (length > largest_answer - answer->length) {
        answer->is_too_large = 1;
        return 0;
    }
    unsigned char *grown = realloc(answer->body, answer->length + length + 1);
    if (grown == NULL) return 0;
    memcpy(grown + answer->length, bytes, length);
    answer->body = grown;
    answer->length += length;
    return length;
}

static int watch(void *context, long long a, long long b, long long c, long long d) {
    (void)a, (void)b, (void)c, (void)d;
    int (*stop)(void) = *(int (**)(void))context;
    return stop != NULL && stop();
}

static int outcome_of(int code) {
    switch (code) {
    case 0: return WEB_DONE;
    case 1: case 3: return WEB_BAD_ADDRESS;
    case 28: return WEB_TIMED_OUT;
    case 42: return WEB_STOPPED;
    case 35: case 51: case 58: case 60: case 77: return WEB_NOT_TRUSTED;
    case 18: case 23: case 52: case 55: case 56: return WEB_BROKEN_OFF;
    default: return WEB_UNREACHABLE;
    }
}

void web_client_send(
    web_client *client, const char *method, const char *address, const char *const headers[],
    const unsigned char *body, size_t length, long seconds, int (*stop)(void),
    web_answer *answer) {
    memset(answer, 0, sizeof *answer);
    void *curl = client->handle;
    client->reset(curl);
    void *list = NULL;
    for (size_t index = 0; headers[index] != NULL; index++) {
        list = client->append(list, headers[index]);
    }
    // A server on this machine is never behind a proxy.
    int is_local = strstr(address, "//127.0.0.1") != NULL || strstr(address, "//localhost") != NULL;
    if (is_local) client->set(curl, OPTION_NO_PROXY, "*");
    client->set(curl, OPTION_ADDRESS, address);
    client->set(curl, OPTION_PROTOCOLS, (long)PROTOCOLS_HTTP_AND_HTTPS);
    client->set(curl, OPTION_METHOD, method);
    client->set(curl, OPTION_HEADERS, list);
    client->set(curl, OPTION_USER_AGENT, "rlhf");
    client->set(curl, OPTION_NO_SIGNAL, 1L);
    client->set(curl, OPTION_CONNECT_TIMEOUT, 10L);
    client->set(curl, OPTION_TIMEOUT, seconds);
    client->set(curl, OPTION_ERROR_BUFFER, answer->message);
    client->set(curl, OPTION_WRITE_FUNCTION, receive);
    client->set(curl, OPTION_WRITE_DATA, (void *)answer);
    client->set(curl, OPTION_NO_PROGRESS, 0L);
    client->set(curl, OPTION_PROGRESS_FUNCTION, watch);
    client->set(curl, OPTION_PROGRESS_DATA, (void *)&stop);
    if (body != NULL) {
        client->set(curl, OPTION_BODY_SIZE, (long long)length);
        client->set(curl, OPTION_BODY, body);
    }
    int code = client->perform(curl);
    if (list != NULL) client->free_list(list);
    answer->outcome = outcome_of(code);
    client->info(curl, INFO_STATUS, &answer->status);
    if (answer->is_too_large) {
        snprintf(answer->message, sizeof answer->message, "the answer is larger than 2 GiB");
    }
    if (code != 0 && answer->message[0] == '\0') {
        snprintf(answer->message, sizeof answer->message, "%s", client->words(code));
    }
}

void web_answer_free(web_answer *answer) {
    free(answer->body);
    answer->body = NULL;
}
