// Digests of OpenSSL's libcrypto (openssl.org): SHA-256 with the processor's own instructions for it.
#include <openssl/evp.h>
