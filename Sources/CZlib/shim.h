/* zlib begins a stream by macros, which Swift does not see. */
#ifndef LINKWAY_CZLIB_H
#define LINKWAY_CZLIB_H
#include <zlib.h>

/* Begins to unpack gzip. */
static inline int linkway_gunzip_begin(z_streamp stream) { return inflateInit2(stream, 15 + 16); }
#endif
