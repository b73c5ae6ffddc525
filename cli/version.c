#define PCRE2_CODE_UNIT_WIDTH 8
#include "cli/version.h"

#include <libxml/parser.h>
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_version.h>
#include <zlib.h>
#include <zstd.h>

/* Both libraries give one decimal number: 2.9.14 is 20914, 2.1.0 is 20100. */
static void add_packed(struct strbuf *out, const char *library, long number)
{
	strbuf_addf(out, "%s %ld.%ld.%ld", library, number / 10000, number / 100 % 100, number % 100);
}

void version_text(struct strbuf *out, const char *tool)
{
	char pcre[64] = "";

	pcre2_config(PCRE2_CONFIG_VERSION, pcre);
	strbuf_addf(out, "%s %s\n", tool, SNAPDIFF_VERSION);
	add_packed(out, "yajl", yajl_version());
	add_packed(out, ", libxml2", strtol(xmlParserVersion, NULL, 10));
	strbuf_addf(out, ", zstd %s, PCRE2 %.*s, zlib %s\n", ZSTD_versionString(), (int)strcspn(pcre, " "), pcre,
		    zlibVersion());
}
