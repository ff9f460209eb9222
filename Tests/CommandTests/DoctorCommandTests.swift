import Foundation
import Testing

@testable import linkway

@Suite("linkway doctor, queue check and check --config")
struct DoctorCommandTests {
    private static let sound = """
        mappings: mappings
        state: state
        sources: [ { name: north, folder: in } ]
        routes: [ { name: out, queue: queue, consent: none-needed } ]

        """

    private func project(_ configuration: String = sound) throws -> Project {
        let project = try Project()
        try project.write("linkway.yaml", configuration)
        return project
    }

    private func mode(_ project: Project, _ file: String, _ mode: Int) throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: mode], ofItemAtPath: project.folder.appendingPathComponent(file).path)
    }

    /// The checks of a doctor's JSON, as `state name`.
    private func checks(_ run: Running) throws -> [(state: String, name: String, detail: String)] {
        let items = try #require(run.json?["checks"] as? [[String: Any]], "\(run.out)\(run.error)")
        return items.map { ($0["state"] as? String ?? "", $0["name"] as? String ?? "", $0["detail"] as? String ?? "") }
    }

    // MARK: doctor

    @Test("before the first start nothing fails, and nothing is made")
    func fresh() throws {
        let project = try project()
        let run = try project.run("doctor", "--json")
        let found = try checks(run)
        #expect(!found.contains { $0.state == "fail" && $0.name != "room" }, "\(found)")
        #expect(found.contains { $0.name == "store" && $0.detail.contains("first start") })
        for folder in ["state", "in", "queue"] { #expect(!project.exists(folder)) }
    }

    @Test("a store that was used is opened and looked at")
    func used() throws {
        let project = try project()
        #expect(try project.run("send", Project.first, "--source", "north").status == 0)
        let found = try checks(try project.run("doctor", "--json"))
        #expect(found.contains { $0.state == "ok" && $0.name == "audit trail" }, "\(found)")
        #expect(found.contains { $0.state == "ok" && $0.name == "route out" && $0.detail.hasPrefix("1 waiting") })
        #expect(found.contains { $0.state == "ok" && $0.name == "people" })
        let text = try project.run("doctor")
        #expect(text.out.contains("audit trail"))
        #expect(Secrets.leaked(in: text.out + text.error).isEmpty)
    }

    /// What is put wrong, and the check that fails.
    static let faults: [(what: String, check: String)] = [
        ("key", "permissions"), ("secret", "secret"), ("mapping", "mappings"), ("configuration", "configuration"),
        ("folder", "source north"), ("certificate", "certificate"),
    ]

    @Test("what is wrong fails with what to do, and the exit code is 1", arguments: faults)
    func fault(_ item: (what: String, check: String)) throws {
        var text = Self.sound
        if item.what == "secret" {
            text = text.replacing(
                "[ { name: north, folder: in } ]", with: "[ { name: north, http: { token: { file: t } } } ]")
        }
        if item.what == "certificate" {
            text += "http: { tls: { certificate: c.pem, key: k.pem } }\n"
        }
        let project = try project(text)
        switch item.what {
        case "key":
            #expect(try project.run("send", Project.first, "--source", "north").status == 0)
            try mode(project, "state/identity.key", 0o644)
        case "secret":
            try project.write("t", "an-invented-token")
            try mode(project, "t", 0o644)
        case "mapping": try project.edit("mappings/letters/letters.yaml", "map:", "mapp:")
        case "configuration": try project.write("linkway.yaml", "sauces: []\n")
        case "folder": try project.write("in", "no folder")
        default: try project.write("c.pem", "no certificate")
        }
        let run = try project.run("doctor", "--json")
        #expect(run.status == 1)
        #expect(try checks(run).contains { $0.state == "fail" && $0.name == item.check }, "\(run.out)")
        #expect(try project.run("doctor").out.contains("→"))
    }

    // MARK: queue check

    @Test("a queue the gateway filled is sound")
    func soundQueue() throws {
        let project = try Project()
        try project.write("in/a.xml", try project.text(Project.first))
        #expect(try project.run("run", "--once", "--inbox", "in", "--queue", "queue").status == 0)
        let run = try project.run("queue", "check", "queue")
        #expect(run.status == 0, "\(run.out)\(run.error)")
        #expect(run.out.contains("1 files, all sound"))
        #expect(try project.run("queue", "check", "nowhere").status == 66)
    }

    @Test(
        "what a reader would stumble over fails",
        arguments: ["note.txt~", "a.json", "empty-0.json", "torn-1.json", "open-2.json", "deep-3.json"])
    func badQueue(_ name: String) throws {
        let project = try Project()
        try project.write("queue/tmp/.keep", "")
        try project.write("queue/ready/.keep", "")
        for folder in ["queue", "queue/tmp", "queue/ready"] { try mode(project, folder, 0o700) }
        let file = "queue/ready/" + name
        switch name {
        case "empty-0.json": try project.write(file, "")
        case "torn-1.json": try project.write(file, #"{"schema":"referral/1","#)
        case "deep-3.json":
            try FileManager.default.createDirectory(
                at: project.folder.appendingPathComponent(file), withIntermediateDirectories: true)
        default: try project.write(file, "{}")
        }
        if name != "deep-3.json" { try mode(project, file, name == "open-2.json" ? 0o644 : 0o600) }
        let run = try project.run("queue", "check", "queue", "--json")
        let isSound = name == "a.json"
        #expect(run.status == (isSound ? 0 : 1), "\(run.out)")
        #expect(try checks(run).contains { $0.state == (isSound ? "ok" : "fail") && $0.name == "ready" })
    }

    // MARK: check --config

    @Test("the mappings of the configuration are checked, wherever the command runs")
    func mappingsOfConfiguration() throws {
        let project = try Project()
        try project.write("etc/linkway.yaml", Self.sound.replacing("mappings: mappings", with: "mappings: ../mappings"))
        try FileManager.default.moveItem(
            at: project.folder.appendingPathComponent("mappings"), to: project.folder.appendingPathComponent("maps"))
        let missing = try project.run("check", "--config", "etc/linkway.yaml")
        #expect(missing.status == 66, "\(missing.out)")
        #expect(missing.error.contains("mappings"))
        try project.edit("etc/linkway.yaml", "../mappings", "../maps")
        let run = try project.run("check", "--config", "etc/linkway.yaml")
        #expect(run.status == 0, "\(run.out)\(run.error)")
        #expect(run.out.contains("letters@2"))
    }

    @Test("what a start would stumble over is a mistake")
    func ruleset() throws {
        for (old, new) in [
            ("folder: in", "folder: in, mapping: lettres"), ("queue: queue", "queue: queue, form: fhir-mesage"),
            ("queue: queue", "queue: linkway.yaml"), ("queue: queue", "queue: queue, when: \"((\""),
        ] {
            let project = try project(Self.sound.replacing(old, with: new))
            let run = try project.run("check", "--config", "linkway.yaml")
            #expect(run.status == 78, "\(new): \(run.out)\(run.error)")
            let quiet = try project.run("check", "--config", "linkway.yaml", "--quiet")
            #expect(quiet.status == 78 && quiet.out.contains("error[") && !quiet.out.contains("Checking"))
        }
    }
}
