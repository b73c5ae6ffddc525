/*
 * generate.h - texts made from a command's option table: --help, man page, shell completion.
 */
#ifndef CLI_GENERATE_H
#define CLI_GENERATE_H

#include "base/strbuf.h"
#include "cli/command.h"

void generate_help(struct strbuf *out, const struct command *c);
void generate_man(struct strbuf *out, const struct command *c);

/* `shell`: "bash", "zsh" or "fish". */
void generate_completion(struct strbuf *out, const struct command *c, const char *shell);

/* Shared by them: "--output", "--[no-]progress"; and what stands for the argument, NULL when it takes none. */
void generate_name(struct strbuf *out, const struct option *o);
const char *generate_argument(const struct option *o);

#endif
