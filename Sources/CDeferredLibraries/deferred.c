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

#define GIT "libgit2.so." LIBGIT2_SOVERSION
#define CURL_LIBRARY "libcurl.so.4"
#define ZLIB "libz.so.1"

// The functions of the headers are macros in part (type checks of the compiler's), which a definition must not be.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

static void *real_function(const char *library, const char *name) {
    // Loading the same library again gives the same handle.
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    void *function = handle ? dlsym(handle, name) : NULL;
    if (!function) {
        const char *reason = dlerror();
        fprintf(stderr, "error: %s cannot be used: %s\n  install it (Debian: libgit2-1.5, libcurl4, zlib1g)\n", library, reason ? reason : name);
        _exit(1);
    }
    return function;
}

// Looked up once; two threads that are first at the same time find the same.
#define REAL(library, name) \
    ({ \
        static __typeof__(&name) known; \
        __typeof__(&name) found = __atomic_load_n(&known, __ATOMIC_ACQUIRE); \
        if (!found) { \
            found = (__typeof__(&name))real_function(library, #name); \
            __atomic_store_n(&known, found, __ATOMIC_RELEASE); \
        } \
        found; \
    })

#define FORWARD_0(library, result, name) \
    result name(void) { return REAL(library, name)(); }
#define FORWARD_1(library, result, name, A) \
    result name(A a) { return REAL(library, name)(a); }
#define FORWARD_2(library, result, name, A, B) \
    result name(A a, B b) { return REAL(library, name)(a, b); }
#define FORWARD_3(library, result, name, A, B, C) \
    result name(A a, B b, C c) { return REAL(library, name)(a, b, c); }
#define FORWARD_4(library, result, name, A, B, C, D) \
    result name(A a, B b, C c, D d) { return REAL(library, name)(a, b, c, d); }
#define FORWARD_5(library, result, name, A, B, C, D, E) \
    result name(A a, B b, C c, D d, E e) { return REAL(library, name)(a, b, c, d, e); }

FORWARD_1(GIT, void, git_buf_dispose, git_buf *)
FORWARD_1(GIT, const git_signature *, git_commit_author, const git_commit *)
FORWARD_1(GIT, const git_signature *, git_commit_committer, const git_commit *)
FORWARD_5(GIT, int, git_commit_extract_signature, git_buf *, git_buf *, git_repository *, git_oid *, const char *)
FORWARD_1(GIT, void, git_commit_free, git_commit *)
FORWARD_1(GIT, const git_oid *, git_commit_id, const git_commit *)
FORWARD_1(GIT, const char *, git_commit_message, const git_commit *)
FORWARD_2(GIT, const git_oid *, git_commit_parent_id, const git_commit *, unsigned int)
FORWARD_1(GIT, unsigned int, git_commit_parentcount, const git_commit *)
FORWARD_1(GIT, const git_oid *, git_commit_tree_id, const git_commit *)
FORWARD_1(GIT, void, git_config_free, git_config *)
FORWARD_1(GIT, void, git_config_iterator_free, git_config_iterator *)
FORWARD_4(GIT, int, git_config_multivar_iterator_new, git_config_iterator **, const git_config *, const char *, const char *)
FORWARD_2(GIT, int, git_config_next, git_config_entry **, git_config_iterator *)
FORWARD_2(GIT, int, git_config_open_ondisk, git_config **, const char *)
FORWARD_2(GIT, int, git_credential_ssh_key_from_agent, git_credential **, const char *)
FORWARD_5(GIT, int, git_credential_ssh_key_new, git_credential **, const char *, const char *, const char *, const char *)
FORWARD_2(GIT, int, git_credential_username_new, git_credential **, const char *)
FORWARD_3(GIT, int, git_credential_userpass_plaintext_new, git_credential **, const char *, const char *)
FORWARD_0(GIT, void, git_error_clear)
FORWARD_0(GIT, const git_error *, git_error_last)
FORWARD_2(GIT, int, git_fetch_options_init, git_fetch_options *, unsigned int)
FORWARD_3(GIT, int, git_graph_descendant_of, git_repository *, const git_oid *, const git_oid *)
FORWARD_0(GIT, int, git_libgit2_init)
FORWARD_3(GIT, int, git_libgit2_version, int *, int *, int *)
FORWARD_1(GIT, void, git_object_free, git_object *)
FORWARD_1(GIT, const git_oid *, git_object_id, const git_object *)
FORWARD_4(GIT, int, git_object_lookup, git_object **, git_repository *, const git_oid *, git_object_t)
FORWARD_5(GIT, int, git_object_lookup_prefix, git_object **, git_repository *, const git_oid *, size_t, git_object_t)
FORWARD_3(GIT, int, git_object_peel, git_object **, const git_object *, git_object_t)
FORWARD_1(GIT, git_object_t, git_object_type, const git_object *)
FORWARD_2(GIT, int, git_odb_exists, git_odb *, const git_oid *)
FORWARD_3(GIT, int, git_odb_foreach, git_odb *, git_odb_foreach_cb, void *)
FORWARD_1(GIT, void, git_odb_free, git_odb *)
FORWARD_1(GIT, const void *, git_odb_object_data, git_odb_object *)
FORWARD_1(GIT, void, git_odb_object_free, git_odb_object *)
FORWARD_1(GIT, size_t, git_odb_object_size, git_odb_object *)
FORWARD_1(GIT, git_object_t, git_odb_object_type, git_odb_object *)
FORWARD_3(GIT, int, git_odb_read, git_odb_object **, git_odb *, const git_oid *)
FORWARD_4(GIT, int, git_odb_read_header, size_t *, git_object_t *, git_odb *, const git_oid *)
FORWARD_2(GIT, int, git_oid_fmt, char *, const git_oid *)
FORWARD_2(GIT, int, git_oid_fromstr, git_oid *, const char *)
FORWARD_3(GIT, int, git_oid_fromstrn, git_oid *, const char *, size_t)
FORWARD_1(GIT, void, git_reference_free, git_reference *)
FORWARD_1(GIT, void, git_reference_iterator_free, git_reference_iterator *)
FORWARD_2(GIT, int, git_reference_iterator_new, git_reference_iterator **, git_repository *)
FORWARD_3(GIT, int, git_reference_name_to_id, git_oid *, git_repository *, const char *)
FORWARD_2(GIT, int, git_reference_next, git_reference **, git_reference_iterator *)
FORWARD_2(GIT, int, git_reference_next_name, const char **, git_reference_iterator *)
FORWARD_2(GIT, int, git_reference_remove, git_repository *, const char *)
FORWARD_1(GIT, const git_oid *, git_reference_target, const git_reference *)
FORWARD_3(GIT, int, git_remote_create_anonymous, git_remote **, git_repository *, const char *)
FORWARD_1(GIT, void, git_remote_free, git_remote *)
FORWARD_3(GIT, int, git_remote_lookup, git_remote **, git_repository *, const char *)
FORWARD_1(GIT, const char *, git_remote_url, const git_remote *)
FORWARD_1(GIT, void, git_repository_free, git_repository *)
FORWARD_3(GIT, int, git_repository_init, git_repository **, const char *, unsigned int)
FORWARD_2(GIT, int, git_repository_odb, git_odb **, git_repository *)
FORWARD_4(GIT, int, git_repository_open_ext, git_repository **, const char *, unsigned int, const char *)
FORWARD_1(GIT, const char *, git_repository_path, const git_repository *)
FORWARD_1(GIT, const char *, git_repository_workdir, const git_repository *)
FORWARD_3(GIT, int, git_revparse_single, git_object **, git_repository *, const char *)
FORWARD_1(GIT, void, git_revwalk_free, git_revwalk *)
FORWARD_2(GIT, int, git_revwalk_hide, git_revwalk *, const git_oid *)
FORWARD_2(GIT, int, git_revwalk_new, git_revwalk **, git_repository *)
FORWARD_2(GIT, int, git_revwalk_next, git_oid *, git_revwalk *)
FORWARD_2(GIT, int, git_revwalk_push, git_revwalk *, const git_oid *)
FORWARD_2(GIT, int, git_revwalk_sorting, git_revwalk *, unsigned int)
FORWARD_2(GIT, const git_status_entry *, git_status_byindex, git_status_list *, size_t)
FORWARD_1(GIT, size_t, git_status_list_entrycount, git_status_list *)
FORWARD_1(GIT, void, git_status_list_free, git_status_list *)
FORWARD_3(GIT, int, git_status_list_new, git_status_list **, git_repository *, const git_status_options *)
FORWARD_2(GIT, int, git_status_options_init, git_status_options *, unsigned int)

FORWARD_1(CURL_LIBRARY, void, curl_easy_cleanup, CURL *)
FORWARD_0(CURL_LIBRARY, char *, curl_version)
FORWARD_0(CURL_LIBRARY, CURL *, curl_easy_init)
FORWARD_1(CURL_LIBRARY, void, curl_easy_reset, CURL *)
FORWARD_1(CURL_LIBRARY, const char *, curl_easy_strerror, CURLcode)
FORWARD_1(CURL_LIBRARY, CURLcode, curl_global_init, long)
FORWARD_2(CURL_LIBRARY, CURLMcode, curl_multi_add_handle, CURLM *, CURL *)
FORWARD_1(CURL_LIBRARY, CURLMcode, curl_multi_cleanup, CURLM *)
FORWARD_2(CURL_LIBRARY, CURLMsg *, curl_multi_info_read, CURLM *, int *)
FORWARD_0(CURL_LIBRARY, CURLM *, curl_multi_init)
FORWARD_2(CURL_LIBRARY, CURLMcode, curl_multi_perform, CURLM *, int *)
FORWARD_5(CURL_LIBRARY, CURLMcode, curl_multi_poll, CURLM *, struct curl_waitfd *, unsigned int, int, int *)
FORWARD_2(CURL_LIBRARY, CURLMcode, curl_multi_remove_handle, CURLM *, CURL *)
FORWARD_1(CURL_LIBRARY, CURLMcode, curl_multi_wakeup, CURLM *)
FORWARD_2(CURL_LIBRARY, struct curl_slist *, curl_slist_append, struct curl_slist *, const char *)
FORWARD_1(CURL_LIBRARY, void, curl_slist_free_all, struct curl_slist *)

FORWARD_2(ZLIB, int, deflate, z_streamp, int)
FORWARD_1(ZLIB, int, deflateEnd, z_streamp)
FORWARD_2(ZLIB, int, inflate, z_streamp, int)
FORWARD_1(ZLIB, int, inflateEnd, z_streamp)
FORWARD_1(ZLIB, int, inflateReset, z_streamp)
FORWARD_4(ZLIB, int, inflateInit2_, z_streamp, int, const char *, int)

int deflateInit2_(z_streamp stream, int level, int method, int window, int memory, int strategy, const char *version, int size) {
    return REAL(ZLIB, deflateInit2_)(stream, level, method, window, memory, strategy, version, size);
}

// The certificates of the system, some hundred and forty, which libgit2 with mbedTLS reads when it is set up: half of the time
// that it takes to open a repository. A program's own function comes before a library's of the same name, so that this one
// is what libgit2 calls: it notes the file, which is read before the first fetch. Without it nobody would be trusted.

static char *certificate_file;
static int certificates_are_read;

int mbedtls_x509_crt_parse_file(void *chain, const char *path) {
    if (!certificates_are_read) {
        free(certificate_file);
        certificate_file = strdup(path);
        return 0;
    }
    int (*real)(void *, const char *) = real_function(GIT, "mbedtls_x509_crt_parse_file");
    return real(chain, path);
}

static void read_certificates(void) {
    certificates_are_read = 1;
    if (certificate_file) REAL(GIT, git_libgit2_opts)(GIT_OPT_SET_SSL_CERT_LOCATIONS, certificate_file, NULL);
}

int git_remote_fetch(git_remote *remote, const git_strarray *specs, const git_fetch_options *options, const char *message) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_certificates);
    return REAL(GIT, git_remote_fetch)(remote, specs, options, message);
}

void plumb_load_git(void) { (void)REAL(GIT, git_libgit2_init); }

// Variadic functions whose one further argument is a long, a pointer or a curl_off_t: 64 bits in the place of any.

CURLcode curl_easy_setopt(CURL *handle, CURLoption option, ...) {
    va_list arguments;
    va_start(arguments, option);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return REAL(CURL_LIBRARY, curl_easy_setopt)(handle, option, argument);
}

CURLcode curl_easy_getinfo(CURL *handle, CURLINFO info, ...) {
    va_list arguments;
    va_start(arguments, info);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return REAL(CURL_LIBRARY, curl_easy_getinfo)(handle, info, argument);
}

CURLMcode curl_multi_setopt(CURLM *multi, CURLMoption option, ...) {
    va_list arguments;
    va_start(arguments, option);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return REAL(CURL_LIBRARY, curl_multi_setopt)(multi, option, argument);
}

// Its options take up to two arguments, integers and pointers.
int git_libgit2_opts(int option, ...) {
    va_list arguments;
    va_start(arguments, option);
    void *first = va_arg(arguments, void *);
    void *second = va_arg(arguments, void *);
    va_end(arguments);
    return REAL(GIT, git_libgit2_opts)(option, first, second);
}

#else

void plumb_load_git(void) {}

#endif
