#include "analyzer/redact_rules.h"

#include "analyzer/redact_checks.h"

/* A name that was shortened ends in an ellipsis, and a secret at its end is only partly there. */
#define CUT "(?=\xE2\x80\xA6)"

#define NOT_AFTER_DIGIT "(?<![0-9.])"
#define OCTET "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
#define GROUP6 "[0-9A-Fa-f]{1,4}"

const struct redact_rule redact_rules[] = {
	{ "private-key",
	  "-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?s:.*?)(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\\z)",
	  TEXT_DASHES, NULL, 0 },
	{ "jwt", "eyJ[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]*){0,4}", TEXT_RUN, NULL, 0 },
	{ "authorization", "(?i)\\b(?:bearer|basic|negotiate|digest)[ :=]+(?<hide>[A-Za-z0-9+/_.~-]{10,}={0,2})", TEXT_RUN,
	  check_token, 0 },
	{ "url-credentials", "[A-Za-z][A-Za-z0-9+.-]*://(?<hide>[^\\s/?#@\"'<>]{1,256}(?:@|" CUT "))", TEXT_URL, NULL, 0 },
	{ "url-token",
	  "(?i)[?&#][a-z0-9_.~-]*(?:token|key|sig|secret|passw|pwd|auth|session|sid|code|credential|jwt|assertion)"
	  "[a-z0-9_.~-]*=(?<hide>[^&#\\s\"'<>]{4,})",
	  TEXT_ASSIGN, NULL, 0 },
	{ "assignment",
	  "(?i)(?:password|passwd|pwd|passphrase|secret|(?:api|access|account|private|shared)[_-]?(?:access)?[_-]?key"
	  "|(?:auth|access|refresh|id)[_-]?token)[\"']?\\s*[=:]\\s*[\"']?(?<hide>[^\\s\"'&;,{}()]{6,})",
	  TEXT_ASSIGN, NULL, 0 },
	{ "aws-key",
	  "(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|A3T[A-Z0-9])"
	  "(?:[A-Z0-9]{16}(?![A-Za-z0-9])|[A-Z0-9]{4,15}" CUT ")",
	  TEXT_RUN, NULL, 0 },
	{ "gcp-key", "AIza[0-9A-Za-z_-]{10,}|GOCSPX-[0-9A-Za-z_-]{10,}|ya29\\.[0-9A-Za-z_.-]{10,}", TEXT_RUN, NULL, 0 },
	{ "azure-key", "[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{10,}", TEXT_RUN, NULL, 0 },
	{ "github-token", "gh[pousr]_[A-Za-z0-9]{10,}|github_pat_[A-Za-z0-9_]{10,}", TEXT_RUN, NULL, 0 },
	{ "gitlab-token", "gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas)-[A-Za-z0-9_-]{10,}", TEXT_RUN, NULL, 0 },
	{ "slack-token",
	  "xox[a-z]-[A-Za-z0-9-]{8,}|xapp-[0-9]-[A-Za-z0-9-]{8,}"
	  "|hooks\\.slack\\.com/[a-z]+/(?<hide>[A-Za-z0-9/_-]+)",
	  TEXT_RUN, NULL, 0 },
	{ "stripe-key", "[srp]k_(?:live|test)_[A-Za-z0-9]{8,}|whsec_[A-Za-z0-9+/=]{8,}", TEXT_RUN, NULL, 0 },
	{ "npm-token", "npm_[A-Za-z0-9]{20,}|(?i)_authToken=(?<hide>\\S{4,})", TEXT_RUN, NULL, 0 },
	{ "service-key",
	  "(?<![A-Za-z0-9])(?:sk-[A-Za-z0-9_-]{20,}|SG\\.[A-Za-z0-9_-]{10,}(?:\\.[A-Za-z0-9_-]*)?|hf_[A-Za-z0-9]{20,}"
	  "|dop_v1_[a-f0-9]{20,}|pypi-[A-Za-z0-9_-]{20,}|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{20,})",
	  TEXT_RUN, check_token, 0 },
	{ "email",
	  "[A-Za-z0-9._%+\x80-\xFF'-]{1,64}@(?:(?:[A-Za-z0-9\x80-\xFF-]+\\.)+[A-Za-z]{2,24}(?![A-Za-z0-9])"
	  "|[A-Za-z0-9.-]*" CUT ")",
	  TEXT_AT, check_email, 0 },
	{ "iban",
	  "(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?:(?:[ ]?[A-Z0-9]){11,30}|(?:[ ]?[A-Z0-9]){4,29}" CUT ")",
	  TEXT_DIGITS, check_iban, 0 },
	{ "card",
	  NOT_AFTER_DIGIT "(?:[2-6][0-9]{12,18}(?![0-9])|[2-6][0-9]{5,18}" CUT
	  "|[2-6][0-9]{3}([ -])[0-9]{4}\\g{-1}[0-9]{4}\\g{-1}(?:[0-9]{4}\\g{-1}[0-9]{1,3}|[0-9]{1,4})(?![0-9])"
	  "|3[0-9]{3}([ -])[0-9]{6}\\g{-1}[0-9]{5}(?![0-9])"
	  "|[2-6][0-9]{3}[ -][0-9 -]{2,14}" CUT ")",
	  TEXT_DIGITS, check_luhn, 0 },
	{ "phone",
	  "(?<![0-9A-Za-z+])\\+[1-9](?:[ ().-]{0,2}[0-9]){7,14}(?![0-9])"
	  "|(?<![0-9A-Za-z.-])(?:\\([2-9][0-9]{2}\\) ?|[2-9][0-9]{2}[-. ])[2-9][0-9]{2}[-. ][0-9]{4}(?![0-9A-Za-z.-])",
	  TEXT_DIGITS, NULL, 0 },
	{ "ip-address",
	  NOT_AFTER_DIGIT "(?:" OCTET "\\.){3}" OCTET "(?![0-9.])"
	  "|(?<![0-9A-Za-z:])(?:(?:" GROUP6 ":){7}" GROUP6 "|(?:" GROUP6 ":){1,6}(?::" GROUP6 "){1,6})(?![0-9A-Za-z:])",
	  TEXT_DOTS, NULL, 1 },
	{ "uuid",
	  "(?<![0-9A-Za-z])[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-"
	  "(?:[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}|[0-9A-Fa-f-]*" CUT ")",
	  TEXT_RUN, NULL, 0 },
	{ "hex-blob", "(?<![0-9A-Fa-f])(?:[0-9a-f]{32,}|[0-9A-F]{32,}|[0-9a-f]{12,}" CUT "|[0-9A-F]{12,}" CUT ")", TEXT_RUN,
	  check_hex, 0 },
	{ "base64-blob", "[A-Za-z0-9+/_-]{32,}={0,2}|[A-Za-z0-9+/_-]{16,}" CUT, TEXT_RUN, check_base64, 0 },
	{ "data-url", 
	  "\\bdata:(?:[A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+)?(?:;[A-Za-z0-9;=-]+)?,(?! )(?<hide>(?s:.{8,}))", TEXT_ASSIGN, NULL,
	  0 },
	{ "home-path",
	  "(?:(?<![A-Za-z0-9_.-])/(?:home|Users)/|(?i:[a-z]:[\\\\/]+users[\\\\/]+))"
	  "(?<hide>[^/\\\\:\"'<>|\\r\\n]{1,64}(?=[/\\\\])|[^/\\\\:\\s\"'<>|]{1,64})",
	  TEXT_SLASH, check_home, 0 },
};

const size_t n_redact_rules = sizeof(redact_rules) / sizeof(redact_rules[0]);

struct scan {
	unsigned found, n_digits, n_dots, n_colons;
	size_t run, dashes;
};

static void see_sign(struct scan *s, struct str text, size_t i)
{
	switch (text.s[i]) {
	case '@':
		s->found |= TEXT_AT;
		break;
	case '.':
		s->n_dots++;
		break;
	case ' ':
		s->found |= TEXT_SPACE;
		break;
	case '\\':
		s->found |= TEXT_SLASH;
		break;
	case ':':
		s->found |= TEXT_ASSIGN;
		s->n_colons++;
		if (i + 2 < text.n && text.s[i + 1] == '/' && text.s[i + 2] == '/')
			s->found |= TEXT_URL;
		break;
	default:
		break;
	}
}

static int in_token(unsigned char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || c == '-' || c == '+' ||
	       c == '/' || c == '=' || c == '~';
}

static void see_token(struct scan *s, unsigned char c)
{
	s->run++;
	s->n_digits += c >= '0' && c <= '9';
	s->dashes = c == '-' ? s->dashes + 1 : 0;
	if (s->run == 10)
		s->found |= TEXT_RUN;
	if (s->dashes == 5)
		s->found |= TEXT_DASHES;
	if (c == '=')
		s->found |= TEXT_ASSIGN;
	if (c == '/')
		s->found |= TEXT_SLASH;
}

unsigned redact_features(struct str text)
{
	struct scan s = { .found = 0 };

	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.s[i];

		if (in_token(c)) {
			see_token(&s, c);
			continue;
		}
		s.run = s.dashes = 0;
		see_sign(&s, text, i);
	}
	if (s.n_digits >= 6)
		s.found |= TEXT_DIGITS;
	if (s.n_dots >= 3 || s.n_colons >= 2)
		s.found |= TEXT_DOTS;
	return s.found;
}
