// Loads libgit2, libcurl and zlib when a function of theirs is first called.
//
// The first two bring some thirty libraries with them (Kerberos, LDAP, several TLS stacks), whose loading takes longer than
// most of what plumb does without a repository or a server: rendering a folder, showing a plan, checking a log. So the
// functions in use are defined here, each passing its call on to the library, and the libraries themselves are not
// linked.

#include "include/deferred.h"

#if defined(__linux__)

#define _GNU_SOURCE
#include <curl/curl.h>
#include <dlfcn.h>
#include <git2.h>
#include <stdarg.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

// The functions of the headers are macros in part (type checks of the compiler's), which a definition must not be.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

// A function of a library: its name, and where its address goes.
struct deferred_function {
    const char *name;
    void **address;
};

struct deferred_library {
    const char *file;
    const struct deferred_function *first, *end;
};

static void fail(const char *file, const char *name) {
    const char *reason = dlerror();
    fprintf(stderr, "error: %s cannot be used: %s\n  install it (Debian: libgit2-1.5, libcurl4, zlib1g)\n", file, reason ? reason : name);
    _exit(1);
}

// Loads a library and looks all its functions up at once: a look-up waits for whatever other thread is loading a library, and
// that is when most of these functions are called first.
static void load(const struct deferred_library *library) {
    void *handle = dlopen(library->file, RTLD_NOW | RTLD_LOCAL);
    if (!handle) fail(library->file, library->file);
    for (const struct deferred_function *function = library->first; function < library->end; function++)
        __atomic_store_n(function->address, dlsym(handle, function->name), __ATOMIC_RELEASE);
}

// A library with its functions, which the linker lays beside each other in a section of their own.
#define LIBRARY(library, file_name) \
    extern const struct deferred_function __start_plumb_##library[], __stop_plumb_##library[]; \
    static void load_##library(void) { \
        static const struct deferred_library it = {file_name, __start_plumb_##library, __stop_plumb_##library}; \
        load(&it); \
    } \
    static pthread_once_t library##_once = PTHREAD_ONCE_INIT; \
    static const char *const library##_file = file_name;

LIBRARY(git, "libgit2.so." LIBGIT2_SOVERSION)
LIBRARY(curl, "libcurl.so.4")
LIBRARY(zlib, "libz.so.1")

// The function of a library, which is loaded for it if it is not yet.
#define DEFERRED(library, name) \
    static void *address_of_##name; \
    static const struct deferred_function function_##name __attribute__((section("plumb_" #library), used, retain)) = {#name, &address_of_##name}; \
    static __typeof__(&name) real_##name(void) { \
        void *known = __atomic_load_n(&address_of_##name, __ATOMIC_ACQUIRE); \
        if (!known) { \
            pthread_once(&library##_once, load_##library); \
            known = __atomic_load_n(&address_of_##name, __ATOMIC_ACQUIRE); \
            if (!known) fail(library##_file, #name); \
        } \
        return (__typeof__(&name))known; \
    }

#define FORWARD_0(library, result, name) \
    DEFERRED(library, name) \
    result name(void) { return real_##name()(); }
#define FORWARD_1(library, result, name, A) \
    DEFERRED(library, name) \
    result name(A a) { return real_##name()(a); }
#define FORWARD_2(library, result, name, A, B) \
    DEFERRED(library, name) \
    result name(A a, B b) { return real_##name()(a, b); }
#define FORWARD_3(library, result, name, A, B, C) \
    DEFERRED(library, name) \
    result name(A a, B b, C c) { return real_##name()(a, b, c); }
#define FORWARD_4(library, result, name, A, B, C, D) \
    DEFERRED(library, name) \
    result name(A a, B b, C c, D d) { return real_##name()(a, b, c, d); }
#define FORWARD_5(library, result, name, A, B, C, D, E) \
    DEFERRED(library, name) \
    result name(A a, B b, C c, D d, E e) { return real_##name()(a, b, c, d, e); }

FORWARD_1(git, void, git_buf_dispose, git_buf *)
FORWARD_1(git, const git_signature *, git_commit_author, const git_commit *)
FORWARD_1(git, const git_signature *, git_commit_committer, const git_commit *)
FORWARD_5(git, int, git_commit_extract_signature, git_buf *, git_buf *, git_repository *, git_oid *, const char *)
FORWARD_1(git, void, git_commit_free, git_commit *)
FORWARD_1(git, const git_oid *, git_commit_id, const git_commit *)
FORWARD_1(git, const char *, git_commit_message, const git_commit *)
FORWARD_2(git, const git_oid *, git_commit_parent_id, const git_commit *, unsigned int)
FORWARD_1(git, unsigned int, git_commit_parentcount, const git_commit *)
FORWARD_1(git, const git_oid *, git_commit_tree_id, const git_commit *)
FORWARD_1(git, void, git_config_free, git_config *)
FORWARD_1(git, void, git_config_iterator_free, git_config_iterator *)
FORWARD_4(git, int, git_config_multivar_iterator_new, git_config_iterator **, const git_config *, const char *, const char *)
FORWARD_2(git, int, git_config_next, git_config_entry **, git_config_iterator *)
FORWARD_2(git, int, git_config_open_ondisk, git_config **, const char *)
FORWARD_2(git, int, git_credential_ssh_key_from_agent, git_credential **, const char *)
FORWARD_5(git, int, git_credential_ssh_key_new, git_credential **, const char *, const char *, const char *, const char *)
FORWARD_2(git, int, git_credential_username_new, git_credential **, const char *)
FORWARD_3(git, int, git_credential_userpass_plaintext_new, git_credential **, const char *, const char *)
FORWARD_0(git, void, git_error_clear)
FORWARD_0(git, const git_error *, git_error_last)
FORWARD_2(git, int, git_fetch_options_init, git_fetch_options *, unsigned int)
FORWARD_3(git, int, git_graph_descendant_of, git_repository *, const git_oid *, const git_oid *)
FORWARD_0(git, int, git_libgit2_init)
FORWARD_3(git, int, git_libgit2_version, int *, int *, int *)
FORWARD_1(git, void, git_object_free, git_object *)
FORWARD_1(git, const git_oid *, git_object_id, const git_object *)
FORWARD_4(git, int, git_object_lookup, git_object **, git_repository *, const git_oid *, git_object_t)
FORWARD_5(git, int, git_object_lookup_prefix, git_object **, git_repository *, const git_oid *, size_t, git_object_t)
FORWARD_3(git, int, git_object_peel, git_object **, const git_object *, git_object_t)
FORWARD_1(git, git_object_t, git_object_type, const git_object *)
FORWARD_2(git, int, git_odb_exists, git_odb *, const git_oid *)
FORWARD_3(git, int, git_odb_foreach, git_odb *, git_odb_foreach_cb, void *)
FORWARD_1(git, void, git_odb_free, git_odb *)
FORWARD_1(git, const void *, git_odb_object_data, git_odb_object *)
FORWARD_1(git, void, git_odb_object_free, git_odb_object *)
FORWARD_1(git, size_t, git_odb_object_size, git_odb_object *)
FORWARD_1(git, git_object_t, git_odb_object_type, git_odb_object *)
FORWARD_3(git, int, git_odb_read, git_odb_object **, git_odb *, const git_oid *)
FORWARD_4(git, int, git_odb_read_header, size_t *, git_object_t *, git_odb *, const git_oid *)
FORWARD_2(git, int, git_oid_fmt, char *, const git_oid *)
FORWARD_2(git, int, git_oid_fromstr, git_oid *, const char *)
FORWARD_3(git, int, git_oid_fromstrn, git_oid *, const char *, size_t)
FORWARD_1(git, void, git_reference_free, git_reference *)
FORWARD_1(git, void, git_reference_iterator_free, git_reference_iterator *)
FORWARD_2(git, int, git_reference_iterator_new, git_reference_iterator **, git_repository *)
FORWARD_3(git, int, git_reference_name_to_id, git_oid *, git_repository *, const char *)
FORWARD_2(git, int, git_reference_next, git_reference **, git_reference_iterator *)
FORWARD_2(git, int, git_reference_next_name, const char **, git_reference_iterator *)
FORWARD_2(git, int, git_reference_remove, git_repository *, const char *)
FORWARD_1(git, const git_oid *, git_reference_target, const git_reference *)
FORWARD_3(git, int, git_remote_create_anonymous, git_remote **, git_repository *, const char *)
FORWARD_1(git, void, git_remote_free, git_remote *)
FORWARD_3(git, int, git_remote_lookup, git_remote **, git_repository *, const char *)
FORWARD_1(git, const char *, git_remote_url, const git_remote *)
FORWARD_1(git, void, git_repository_free, git_repository *)
FORWARD_3(git, int, git_repository_init, git_repository **, const char *, unsigned int)
FORWARD_2(git, int, git_repository_odb, git_odb **, git_repository *)
FORWARD_4(git, int, git_repository_open_ext, git_repository **, const char *, unsigned int, const char *)
FORWARD_1(git, const char *, git_repository_path, const git_repository *)
FORWARD_1(git, const char *, git_repository_workdir, const git_repository *)
FORWARD_3(git, int, git_revparse_single, git_object **, git_repository *, const char *)
FORWARD_1(git, void, git_revwalk_free, git_revwalk *)
FORWARD_2(git, int, git_revwalk_hide, git_revwalk *, const git_oid *)
FORWARD_2(git, int, git_revwalk_new, git_revwalk **, git_repository *)
FORWARD_2(git, int, git_revwalk_next, git_oid *, git_revwalk *)
FORWARD_2(git, int, git_revwalk_push, git_revwalk *, const git_oid *)
FORWARD_2(git, int, git_revwalk_sorting, git_revwalk *, unsigned int)
FORWARD_2(git, const git_status_entry *, git_status_byindex, git_status_list *, size_t)
FORWARD_1(git, size_t, git_status_list_entrycount, git_status_list *)
FORWARD_1(git, void, git_status_list_free, git_status_list *)
FORWARD_3(git, int, git_status_list_new, git_status_list **, git_repository *, const git_status_options *)
FORWARD_2(git, int, git_status_options_init, git_status_options *, unsigned int)

FORWARD_1(curl, void, curl_easy_cleanup, CURL *)
FORWARD_0(curl, char *, curl_version)
FORWARD_0(curl, CURL *, curl_easy_init)
FORWARD_1(curl, void, curl_easy_reset, CURL *)
FORWARD_1(curl, const char *, curl_easy_strerror, CURLcode)
FORWARD_1(curl, CURLcode, curl_global_init, long)
FORWARD_2(curl, CURLMcode, curl_multi_add_handle, CURLM *, CURL *)
FORWARD_1(curl, CURLMcode, curl_multi_cleanup, CURLM *)
FORWARD_2(curl, CURLMsg *, curl_multi_info_read, CURLM *, int *)
FORWARD_0(curl, CURLM *, curl_multi_init)
FORWARD_2(curl, CURLMcode, curl_multi_perform, CURLM *, int *)
FORWARD_5(curl, CURLMcode, curl_multi_poll, CURLM *, struct curl_waitfd *, unsigned int, int, int *)
FORWARD_2(curl, CURLMcode, curl_multi_remove_handle, CURLM *, CURL *)
FORWARD_1(curl, CURLMcode, curl_multi_wakeup, CURLM *)
FORWARD_2(curl, struct curl_slist *, curl_slist_append, struct curl_slist *, const char *)
FORWARD_1(curl, void, curl_slist_free_all, struct curl_slist *)

FORWARD_2(zlib, int, deflate, z_streamp, int)
FORWARD_1(zlib, int, deflateEnd, z_streamp)
FORWARD_2(zlib, int, inflate, z_streamp, int)
FORWARD_1(zlib, int, inflateEnd, z_streamp)
FORWARD_1(zlib, int, inflateReset, z_streamp)
FORWARD_4(zlib, int, inflateInit2_, z_streamp, int, const char *, int)

DEFERRED(zlib, deflateInit2_)
int deflateInit2_(z_streamp stream, int level, int method, int window, int memory, int strategy, const char *version, int size) {
    return real_deflateInit2_()(stream, level, method, window, memory, strategy, version, size);
}

// The certificates of the system, some hundred and forty, which libgit2 with mbedTLS reads when it is set up: half of the time
// that it takes to open a repository. A program's own function comes before a library's of the same name, so that this one
// is what libgit2 calls: it notes the file, which is read before the first fetch. Without it nobody would be trusted.

static char *certificate_file;
static int certificates_are_read;

int mbedtls_x509_crt_parse_file(void *chain, const char *path);
DEFERRED(git, mbedtls_x509_crt_parse_file)
DEFERRED(git, git_libgit2_opts)
DEFERRED(git, git_remote_fetch)

int mbedtls_x509_crt_parse_file(void *chain, const char *path) {
    if (!certificates_are_read) {
        free(certificate_file);
        certificate_file = strdup(path);
        return 0;
    }
    return real_mbedtls_x509_crt_parse_file()(chain, path);
}

static void read_certificates(void) {
    certificates_are_read = 1;
    if (certificate_file) real_git_libgit2_opts()(GIT_OPT_SET_SSL_CERT_LOCATIONS, certificate_file, NULL);
}

int git_remote_fetch(git_remote *remote, const git_strarray *specs, const git_fetch_options *options, const char *message) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_certificates);
    return real_git_remote_fetch()(remote, specs, options, message);
}

void plumb_load_git(void) { pthread_once(&git_once, load_git); }

// Variadic functions whose one further argument is a long, a pointer or a curl_off_t: 64 bits in the place of any.

DEFERRED(curl, curl_easy_setopt)
CURLcode curl_easy_setopt(CURL *handle, CURLoption option, ...) {
    va_list arguments;
    va_start(arguments, option);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return real_curl_easy_setopt()(handle, option, argument);
}

DEFERRED(curl, curl_easy_getinfo)
CURLcode curl_easy_getinfo(CURL *handle, CURLINFO info, ...) {
    va_list arguments;
    va_start(arguments, info);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return real_curl_easy_getinfo()(handle, info, argument);
}

DEFERRED(curl, curl_multi_setopt)
CURLMcode curl_multi_setopt(CURLM *multi, CURLMoption option, ...) {
    va_list arguments;
    va_start(arguments, option);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return real_curl_multi_setopt()(multi, option, argument);
}

// Its options take up to two arguments, integers and pointers.
int git_libgit2_opts(int option, ...) {
    va_list arguments;
    va_start(arguments, option);
    void *first = va_arg(arguments, void *);
    void *second = va_arg(arguments, void *);
    va_end(arguments);
    return real_git_libgit2_opts()(option, first, second);
}

#else

void plumb_load_git(void) {}

#endif
