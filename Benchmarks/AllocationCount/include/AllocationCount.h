#ifndef ALLOCATION_COUNT_H
#define ALLOCATION_COUNT_H
#include <stdint.h>
/* How often malloc, calloc, realloc or an aligned form of them was called by this process. */
uint64_t allocation_count(void);
#endif
