/// The frame of the pages the workbench writes: one file, no script, nothing loaded from anywhere, light and dark.
enum HTML {
    static func escape(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }

    static func page(title: String, body: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>\(escape(title))</title>
        <style>\(style)</style>
        </head>
        <body>
        \(body)
        </body>
        </html>

        """
    }

    /// Text contrast is at least 4.5 : 1 in both schemes; states differ in words and pattern, not by colour alone.
    private static let style = """

        :root { color-scheme: light dark; --ink: #17202a; --soft: #52606d; --paper: #fbfaf7; --card: #ffffff; --line: #d9d5cc;
          --read: #1f6f5c; --ignored: #6b7a90; --unread: #a63d1b; --unread-soft: #fbe9e2; }
        @media (prefers-color-scheme: dark) { :root { --ink: #edeae4; --soft: #b0b8c0; --paper: #14181c; --card: #1d2328;
          --line: #3a434b; --read: #62c2a8; --ignored: #9aa9bd; --unread: #f29b78; --unread-soft: #3a251d; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 72rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
          font: 1rem/1.5 system-ui, "Segoe UI", "Noto Sans", sans-serif; }
        h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .25rem; }
        h2 { font-size: 1.25rem; margin: 0; }
        h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
        p { margin: .25rem 0; } .soft { color: var(--soft); }
        section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1.25rem; margin-top: 1.5rem; }
        .figures { display: flex; flex-wrap: wrap; gap: 1.5rem; margin: 1rem 0; padding: 0; list-style: none; }
        .figures b { display: block; font-size: 1.6rem; font-variant-numeric: tabular-nums; line-height: 1.1; }
        .bar { display: flex; height: 1rem; border-radius: .5rem; overflow: hidden; background: var(--line); }
        .bar i { display: block; height: 100%; }
        .bar .read { background: var(--read); }
        .bar .ignored { background: repeating-linear-gradient(45deg, var(--ignored) 0 4px, transparent 4px 8px); }
        .bar .unread { background: repeating-linear-gradient(90deg, var(--unread) 0 3px, transparent 3px 5px); }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .925rem; }
        caption { text-align: left; font-weight: 600; padding: .25rem 0 .5rem; }
        th, td { text-align: left; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
        td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
        code { font: .875em/1.4 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
        tr.unread { background: var(--unread-soft); } .tag { font-weight: 600; } .tag.read { color: var(--read); }
        .tag.ignored { color: var(--ignored); } .tag.unread { color: var(--unread); }
        summary { cursor: pointer; font-weight: 600; padding: .5rem 0; }
        summary:focus-visible { outline: 3px solid var(--read); outline-offset: 2px; }
        @media print { body { max-width: none; } section { break-inside: avoid; } }

        """
}
