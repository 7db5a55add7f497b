# Writes a C source that defines every function that ENGINE takes from Poco, OpenSSL and SQLite, and SQLite's and
# OpenSSL's others that a library of ours might take: whoever calls one of them, other than the host, is aborted.
# cmake -DENGINE=... -DNM=... -DOUT=... -P traps.cmake
execute_process(COMMAND ${NM} -D --undefined-only ${ENGINE} OUTPUT_VARIABLE listed COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" lines "${listed}")
set(text "#include \"traps.h\"\n")
foreach(line IN LISTS lines)
  if(line MATCHES " ([A-Za-z_][A-Za-z0-9_]*)(@+([A-Za-z_]+))?")
    set(name ${CMAKE_MATCH_1})
    set(of "${CMAKE_MATCH_3}")
    # The C and C++ libraries are everybody's.
    if(NOT of MATCHES "GLIBC|CXXABI|GCC" AND NOT name MATCHES "^(__|_ITM|_Unwind)" AND (of MATCHES "OPENSSL" OR name MATCHES "Poco|^sqlite3"))
      string(APPEND text "TRAP(${name})\n")
    endif()
  endif()
endforeach()
foreach(name sqlite3_open sqlite3_open_v2 sqlite3_exec sqlite3_prepare_v2 sqlite3_step sqlite3_close sqlite3_initialize
             SSL_CTX_new SSL_new SSL_connect EVP_DigestInit_ex OPENSSL_init_ssl)
  if(NOT text MATCHES "TRAP\\(${name}\\)")
    string(APPEND text "TRAP(${name})\n")
  endif()
endforeach()
file(WRITE ${OUT} "${text}")
