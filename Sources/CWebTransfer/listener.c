// A listening socket on the loopback interface.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web_transfer.h"

int web_listen(int port, int *bound) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0) return -1;
    int yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((unsigned short)port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0
        || listen(listener, 64) != 0
        || getsockname(listener, (struct sockaddr *)&address, &length) != 0) {
        int reason = errno;
        close(listener);
        errno = reason;
        return -1;
    }
    *bound = ntohs(address.sin_port);
    return listener;
}

int web_accept(int listener, int milliseconds) {
    struct pollfd request = {.fd = listener, .events = POLLIN};
    if (poll(&request, 1, milliseconds) <= 0) return -1;
    return accept4(listener, NULL, NULL, SOCK_CLOEXEC);
}
