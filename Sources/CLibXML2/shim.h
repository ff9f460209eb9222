/* Debian's libxml2 is built with ICU, and <libxml/encoding.h> then pulls in <unicode/ucnv.h>, which
   clashes with the toolchain's own copy of ICU inside Foundation. We never read the two members that
   this hides at the end of xmlCharEncodingHandler. */
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
