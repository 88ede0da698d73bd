// The first process on the machine that in-bochs.mjs boots: starts what /command names, sends what it prints over the
// second serial port and switches the machine off.
// /command: words that end in NUL: the folder, variables, an empty word, the program and its arguments.
// Sent: "o<bytes>\n" or "e<bytes>\n" before as many bytes of stdout or stderr; "x<exit status>\n" at the end.
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/io.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

static void start(int output, int errors) {
  std::ifstream file("/command");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::string> words;
  for (size_t at = 0; at < text.size(); at += words.back().size() + 1) words.emplace_back(text.c_str() + at);
  size_t next = 1;
  for (; !words[next].empty(); next++) putenv(words[next].data());
  setenv("HOME", "/tmp", 1);
  std::vector<char*> arguments;
  for (size_t i = next + 1; i < words.size(); i++) arguments.push_back(words[i].data());
  arguments.push_back(nullptr);
  dup2(open("/dev/null", O_RDONLY), 0);
  dup2(output, 1);
  dup2(errors, 2);
  if (chdir(words[0].c_str()) == 0) execv(arguments[0], arguments.data());
  perror(arguments[0]);
  _exit(127);
}

static int openSerial(const char* name) {
  const int port = open(name, O_RDWR | O_NOCTTY);
  termios settings;
  tcgetattr(port, &settings);
  cfmakeraw(&settings);
  cfsetspeed(&settings, B115200);
  tcsetattr(port, TCSANOW, &settings);
  return port;
}

static void sendAll(int port, const char* bytes, ssize_t count) {
  for (ssize_t done = 0, n; done < count; done += n)
    if ((n = write(port, bytes + done, count - done)) <= 0) return;
}

int main() {
  for (const char* name : {"proc", "sys", "dev", "tmp"}) mkdir((std::string("/") + name).c_str(), 0777);
  mount("proc", "/proc", "proc", 0, nullptr);
  mount("sysfs", "/sys", "sysfs", 0, nullptr);
  mount("devtmpfs", "/dev", "devtmpfs", 0, nullptr);
  const int port = openSerial("/dev/ttyS1");
  int output[2], errors[2];
  if (pipe2(output, O_CLOEXEC) != 0 || pipe2(errors, O_CLOEXEC) != 0) return 1;
  const pid_t program = fork();
  if (program == 0) start(output[1], errors[1]);
  close(output[1]);
  close(errors[1]);
  pollfd streams[] = {{output[0], POLLIN, 0}, {errors[0], POLLIN, 0}};
  while (streams[0].fd >= 0 || streams[1].fd >= 0) {
    poll(streams, 2, -1);
    for (pollfd& stream : streams) {
      if (stream.fd < 0 || !stream.revents) continue;
      char bytes[4096];
      const ssize_t count = read(stream.fd, bytes, sizeof bytes);
      if (count <= 0) {
        stream.fd = -1;
        continue;
      }
      dprintf(port, "%c%zd\n", &stream == streams ? 'o' : 'e', count);
      sendAll(port, bytes, count);
    }
  }
  int status = 0;
  waitpid(program, &status, 0);
  dprintf(port, "x%d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  tcdrain(port);
  // Bochs ends when it reads this word at this port.
  iopl(3);
  for (const char* letter = "Shutdown"; *letter; letter++) outb(*letter, 0x8900);
  for (;;) pause();
}
