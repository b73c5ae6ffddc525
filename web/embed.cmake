# cmake "-DINPUTS=a.css;b.css" -DSYMBOL=asset_heap_css -DHEADER=web/html_assets.h -DOUTPUT=x.c -P embed.cmake
# Writes the files, one after the other, as a C string with its SHA-256 in the form that a Content-Security-Policy wants.
# Comments and indentation stay behind: they are for those who read the source, a third of it, and every page would
# carry them. So no string of an asset may hold the beginning of a comment, and no template literal a line break.

function(base64 hex out)
  set(alphabet ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/)
  set(text "")
  # 32 bytes: ten groups of three, then two bytes and one "="
  foreach(at RANGE 0 60 6)
    string(SUBSTRING "${hex}00" ${at} 6 group)
    foreach(shift 18 12 6 0)
      math(EXPR digit "(0x${group} >> ${shift}) & 63")
      string(SUBSTRING ${alphabet} ${digit} 1 letter)
      string(APPEND text ${letter})
    endforeach()
  endforeach()
  string(SUBSTRING "${text}" 0 43 text)
  set(${out} "${text}=" PARENT_SCOPE)
endfunction()

set(whole ${OUTPUT}.whole)
execute_process(COMMAND ${CMAKE_COMMAND} -E cat ${INPUTS} OUTPUT_FILE ${whole} COMMAND_ERROR_IS_FATAL ANY)
file(READ ${whole} text)
string(REGEX REPLACE "/\\*[^*]*\\*+([^/*][^*]*\\*+)*/" "" text "${text}")
string(REGEX REPLACE "[ \t]*\n[ \t\n]*" "\n" text "\n${text}")
string(REGEX REPLACE "\n//[^\n]*" "" text "${text}")
if(INPUTS MATCHES "[.]js$")
  # one script: the first one counts
  string(REPLACE "\n'use strict';" "" text "${text}")
  string(PREPEND text "'use strict';")
else()
  # a declaration is a line; at the beginning of no other line is a word, a colon and a blank
  string(REGEX REPLACE "\n([a-z0-9-]+): " "\n\\1:" text "${text}")
  string(REGEX REPLACE " {\n" "{" text "${text}")
  string(REGEX REPLACE ";\n}" "}" text "${text}")
  string(REGEX REPLACE ";\n" ";" text "${text}")
  # no text of a style sheet of ours has a comma
  string(REGEX REPLACE ",[ \n]+" "," text "${text}")
endif()
file(WRITE ${whole} "${text}")
file(READ ${whole} bytes HEX)
file(SHA256 ${whole} digest)
base64(${digest} hash)
# '\xe2' is a char with a sign of its own, 0xe2 an int that a char may not hold
string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
file(WRITE ${OUTPUT} "#include \"${HEADER}\"\n\n"
  "const char ${SYMBOL}[] = {\n${bytes}\n0 };\n\n"
  "const char ${SYMBOL}_hash[] = \"sha256-${hash}\";\n")
