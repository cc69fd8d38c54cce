// Ends its process by SIGKILL before the write of a given number: to the server (a socket) or to disk (a regular file, its
// name, its flush). Preloaded into a program under test, it shows every state that a power cut could leave between two writes.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long left;

__attribute__((constructor)) static void begin(void) {
    const char *text = getenv("KILL_AT_WRITE");
    atomic_store(&left, text ? atol(text) : 0);
    // Programs that the program starts are none of ours.
    unsetenv("LD_PRELOAD");
    unsetenv("KILL_AT_WRITE");
}

static void point(void) {
    if (atomic_load(&left) <= 0 || atomic_fetch_sub(&left, 1) != 1) return;
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

// Standard output and error, pipes and the sockets between threads are seen by nobody afterwards.
static void point_of(int descriptor) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) return;
    if (S_ISREG(status.st_mode)) {
        point();
    } else if (S_ISSOCK(status.st_mode)) {
        struct sockaddr_storage name;
        socklen_t length = sizeof name;
        if (getpeername(descriptor, (struct sockaddr *)&name, &length) == 0 &&
            (name.ss_family == AF_INET || name.ss_family == AF_INET6))
            point();
    }
}

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int descriptor, const void *bytes, size_t count) {
    REAL(write);
    point_of(descriptor);
    return real(descriptor, bytes, count);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    REAL(pwrite);
    point_of(descriptor);
    return real(descriptor, bytes, count, offset);
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    REAL(writev);
    point_of(descriptor);
    return real(descriptor, parts, count);
}

ssize_t send(int descriptor, const void *bytes, size_t count, int flags) {
    REAL(send);
    point_of(descriptor);
    return real(descriptor, bytes, count, flags);
}

ssize_t sendto(int descriptor, const void *bytes, size_t count, int flags, const struct sockaddr *to, socklen_t length) {
    REAL(sendto);
    point_of(descriptor);
    return real(descriptor, bytes, count, flags, to, length);
}

ssize_t sendmsg(int descriptor, const struct msghdr *message, int flags) {
    REAL(sendmsg);
    point_of(descriptor);
    return real(descriptor, message, flags);
}

int fsync(int descriptor) {
    REAL(fsync);
    point();
    return real(descriptor);
}

int fdatasync(int descriptor) {
    REAL(fdatasync);
    point();
    return real(descriptor);
}

int ftruncate(int descriptor, off_t length) {
    REAL(ftruncate);
    point();
    return real(descriptor, length);
}

int rename(const char *from, const char *to) {
    REAL(rename);
    point();
    return real(from, to);
}

int unlink(const char *path) {
    REAL(unlink);
    point();
    return real(path);
}
