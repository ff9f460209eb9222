import Glibc

/// What a crash may say. Swift's own report shows registers and the memory they point at, which may hold a person's data, and
/// would put it into the journal; its process also keeps the ports open meanwhile.
enum CrashReports {
    private static let signals = [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGTRAP]

    /// Lets the process end without a report, unless the environment asks for one (`SWIFT_BACKTRACE`).
    static func keepSilent() {
        guard getenv("SWIFT_BACKTRACE") == nil else { return }
        var set = sigset_t()
        sigemptyset(&set)
        for number in signals {
            signal(number, SIG_DFL)
            sigaddset(&set, number)
        }
        // Whoever started it may have had them blocked.
        sigprocmask(SIG_UNBLOCK, &set, nil)
    }
}
