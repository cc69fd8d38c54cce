#ifndef PLUMB_CLIBCURL_SHIM_H
#define PLUMB_CLIBCURL_SHIM_H

#include <curl/curl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

// curl_easy_setopt and its relatives are variadic, which Swift cannot call: one typed function for each argument kind.

static inline CURLcode plumb_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode plumb_curl_set_off(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode plumb_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode plumb_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode plumb_curl_set_blob(CURL *handle, CURLoption option, struct curl_blob *value) {
    return curl_easy_setopt(handle, option, value);
}

typedef size_t (*plumb_curl_write_function)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode plumb_curl_set_write(CURL *handle, CURLoption option, plumb_curl_write_function value) {
    return curl_easy_setopt(handle, option, value);
}

// Without it a peer that vanished is noticed only after the kernel's own retransmissions, some fifteen minutes; a
// multiplexed connection would swallow every request until then.
static inline int plumb_curl_on_socket(void *milliseconds, curl_socket_t socket, curlsocktype purpose) {
    (void)purpose;
#ifdef TCP_USER_TIMEOUT
    unsigned int value = (unsigned int)(unsigned long)milliseconds;
    (void)setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, sizeof value);
#else
    (void)milliseconds;
    (void)socket;
#endif
    return CURL_SOCKOPT_OK;
}

// Ends connections whose sent bytes stay unacknowledged that long (Linux; elsewhere nothing).
static inline CURLcode plumb_curl_set_unacknowledged(CURL *handle, unsigned long milliseconds) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, plumb_curl_on_socket);
    if (code != CURLE_OK) return code;
    return curl_easy_setopt(handle, CURLOPT_SOCKOPTDATA, (void *)milliseconds);
}

static inline CURLcode plumb_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode plumb_curl_get_pointer(CURL *handle, CURLINFO info, void **value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode plumb_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

static inline CURLcode plumb_curl_message_result(const CURLMsg *message) {
    return message->data.result;
}

#endif
