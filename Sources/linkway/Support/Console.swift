import ArgumentParser
import Glibc
import Reporting

/// Where a command's words go: results to standard output, everything else to standard error.
struct Console {
    let outStyle: TextStyle
    let errorStyle: TextStyle

    init(color: ColorChoice = .auto) {
        outStyle = TextStyle(isColoured: color.isOn(for: STDOUT_FILENO))
        errorStyle = TextStyle(isColoured: color.isOn(for: STDERR_FILENO))
    }

    /// Whether a person reads standard output.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }
    /// In continuous integration nothing is asked and no golden file is written.
    static var isContinuousIntegration: Bool { environment("CI").map { $0 != "" && $0 != "false" } ?? false }

    static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    func out(_ text: String = "") { write(Array((Self.safe(text, outStyle) + "\n").utf8), to: STDOUT_FILENO) }
    func out(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }
    func say(_ text: String = "") { write(Array((Self.safe(text, errorStyle) + "\n").utf8), to: STDERR_FILENO) }

    /// The text with nothing in it that commands a terminal, but for line ends, tabs and our own colours.
    ///
    /// Names are made printable where they are put into words; this catches what was forgotten. Written as `\u001b`, so
    /// that JSON stays JSON and means the same.
    static func safe(_ text: String, _ style: TextStyle) -> String {
        func isUnsafe(_ scalar: Unicode.Scalar) -> Bool { scalar.isMisleading && scalar != "\n" && scalar != "\t" }
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var result = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.first {
            if style.isColoured, let code = TextStyle.codes.first(where: { rest.starts(with: $0.unicodeScalars) }) {
                result.append(contentsOf: code.unicodeScalars)
                rest = rest.dropFirst(code.unicodeScalars.count)
                continue
            }
            rest = rest.dropFirst()
            if isUnsafe(scalar) {
                let hex = String(scalar.value, radix: 16)
                result.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - hex.count) + hex).unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    func say(_ findings: [Finding]) {
        guard !findings.isEmpty else { return }
        say(FindingPrinter(style: errorStyle).text(findings))
    }

    /// Says findings with the gravest first.
    func sayGravestFirst(_ findings: [Finding]) {
        let sorted = findings.enumerated().sorted {
            ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset)
        }
        say(sorted.map(\.element))
    }

    /// Where a document is wanted from standard input and a person sits there, shows the help instead of waiting.
    static func refuseTerminal(_ document: String, for command: any ParsableCommand.Type) throws {
        guard document == "-", inputIsTerminal else { return }
        Console().say(Linkway.helpMessage(for: command))
        throw ExitCode(64)
    }

    private func write(_ bytes: [UInt8], to descriptor: Int32) {
        var written = 0
        while written < bytes.count {
            let put = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if put < 0 {
                if errno == EINTR { continue }
                return
            }
            written += put
        }
    }
}

/// `--color`: a flag beats `NO_COLOR`, `FORCE_COLOR` and `TERM=dumb`, and those beat the terminal.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never

    func isOn(for descriptor: Int32) -> Bool {
        switch self {
        case .always: return true
        case .never: return false
        case .auto:
            if Console.environment("NO_COLOR")?.isEmpty == false { return false }
            if Console.environment("FORCE_COLOR")?.isEmpty == false { return true }
            return Console.environment("TERM") != "dumb" && isatty(descriptor) == 1
        }
    }
}

/// Exit codes beyond 0 and 1, after sysexits.
extension ExitCode {
    static let no = ExitCode(1)
    static let partly = ExitCode(2)
    static let unreadable = ExitCode(65)
    static let notThere = ExitCode(66)
    static let cannotCreate = ExitCode(73)
    static let diskFailure = ExitCode(74)
    static let badConfiguration = ExitCode(78)
}
