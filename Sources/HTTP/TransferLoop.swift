internal import CLibcurl
internal import Synchronization
internal import Threads

/// libcurl's multi handle and the thread that owns it.
///
/// Unchecked, because everything but `inbox` and `thread` is touched by the loop's thread alone, and `multi` by others only
/// for `curl_multi_wakeup`, which is made for that and called under the inbox's lock while the handle lives.
final class TransferLoop: @unchecked Sendable {
    private struct Inbox {
        var queued: [Transfer] = []
        var cancelled: [Transfer] = []
        var isStopped = false
    }

    let configuration: HTTPClientConfiguration
    private let multi: UnsafeMutableRawPointer?
    private let inbox = Mutex(Inbox())
    private let thread = Mutex<SystemThread?>(nil)

    // The loop's thread alone.
    private var active: [ObjectIdentifier: Transfer] = [:]
    private var idle: [UnsafeMutableRawPointer] = []
    private let options: TransferOptions
    /// As many easy handles as are worth keeping; each holds some 10 KB.
    private static let idleMax = 128
    /// How long the loop waits for the sockets when nothing has happened, in milliseconds.
    private static let idleWait: Int32 = 30_000
    /// How long it waits when something has. libcurl 7.88 hands an answer over in pieces of its buffer's size, and after some
    /// of them waits for the socket although it holds the rest itself: such a transfer would end a second later, when a timer
    /// of its own goes off. When nothing more comes, all are looked at once more.
    private static let secondLook: Int32 = 1
    /// With more transfers than this something always comes, and looking at all of them takes a while.
    private static let fewTransfers = 16

    /// libcurl asks the system about each transfer's socket each time, and with HTTP/2 that is one and the same: with many
    /// transfers it pays to let some answers come together, which takes a quarter of the processor time. An answer waits for
    /// this long at most, in microseconds.
    private static let gatheringTime: UInt32 = 1000
    private static let manyTransfers = 32

    /// libcurl's global state, made once before any handle.
    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    static func prepare() { _ = isReady }

    init(_ configuration: HTTPClientConfiguration) {
        self.configuration = configuration
        options = TransferOptions(configuration)
        multi = Self.isReady ? curl_multi_init() : nil
        if let multi {
            _ = plumb_curl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
            _ = plumb_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 64)
            _ = plumb_curl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, 128)
        }
    }

    func start() {
        let started = try? SystemThread { [self] in run() }
        thread.withLock { $0 = started }
        // Without a thread nobody would answer: refuse at once.
        if started == nil { inbox.withLock { $0.isStopped = true } }
    }

    /// Ends the thread and waits for it. May be called more than once, and by the loop's own thread, which does not wait.
    func shutdown() {
        inbox.withLock { inbox in
            guard !inbox.isStopped else { return }
            inbox.isStopped = true
            if let multi { _ = curl_multi_wakeup(multi) }
        }
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }

    func enqueue(_ transfer: Transfer, _ continuation: UnsafeContinuation<Result<HTTPResponse, HTTPError>, Never>) {
        let refusal: HTTPError? = inbox.withLock { inbox in
            if transfer.isCancelled { return HTTPError(.cancelled, "cancelled", host: transfer.url.authority) }
            if inbox.isStopped || multi == nil { return HTTPError(.closed, "shut down", host: transfer.url.authority) }
            transfer.continuation = continuation
            wake(inbox)
            inbox.queued.append(transfer)
            return nil
        }
        if let refusal { continuation.resume(returning: .failure(refusal)) }
    }

    func cancel(_ transfer: Transfer) {
        inbox.withLock { inbox in
            transfer.isCancelled = true
            guard !inbox.isStopped else { return }
            wake(inbox)
            inbox.cancelled.append(transfer)
        }
    }

    /// Called with the inbox locked, not yet closed down, and before something is put into it: what lies there has woken the
    /// loop already.
    private func wake(_ inbox: Inbox) {
        guard inbox.queued.isEmpty, inbox.cancelled.isEmpty, let multi else { return }
        _ = curl_multi_wakeup(multi)
    }

    // MARK: The loop's thread

    private func run() {
        guard let multi else { return }
        var running: Int32 = 0
        var events: Int32 = 0
        while let isFilled = takeInbox() {
            if active.count >= Self.manyTransfers { SystemThread.pause(microseconds: Self.gatheringTime) }
            _ = curl_multi_perform(multi, &running)
            let hasFinished = finishCompleted()
            // In this order: who has received something is looked at when nothing else says that something has happened.
            let mayBeMore = (1...Self.fewTransfers).contains(active.count) && (isFilled || hasFinished || events > 0 || takeReceived())
            _ = curl_multi_poll(multi, nil, 0, mayBeMore ? Self.secondLook : Self.idleWait, &events)
        }
        for transfer in active.values { fail(transfer, HTTPError(.closed, "shut down", host: transfer.url.authority)) }
        for handle in idle { curl_easy_cleanup(handle) }
        idle = []
        _ = curl_multi_cleanup(multi)
    }

    /// Whether any transfer has received something since this was asked last.
    private func takeReceived() -> Bool {
        var hasReceived = false
        for transfer in active.values where transfer.hasReceived {
            transfer.hasReceived = false
            hasReceived = true
        }
        return hasReceived
    }

    /// Starts what was queued and ends what was cancelled.
    /// - Returns: Whether there was anything; `nil` when the loop is to stop.
    private func takeInbox() -> Bool? {
        let taken = inbox.withLock { inbox in
            let taken = inbox
            inbox.queued = []
            inbox.cancelled = []
            return taken
        }
        for transfer in taken.queued { begin(transfer) }
        for transfer in taken.cancelled where active[ObjectIdentifier(transfer)] != nil {
            fail(transfer, HTTPError(.cancelled, "cancelled", host: transfer.url.authority, mayHaveReachedServer: wasSent(transfer)))
        }
        return taken.isStopped ? nil : !taken.queued.isEmpty || !taken.cancelled.isEmpty
    }

    private func begin(_ transfer: Transfer) {
        let used = transfer.request.expectsLargeAnswer ? nil : idle.popLast()
        guard let handle = used ?? curl_easy_init() else {
            transfer.finish(.failure(HTTPError(.closed, "out of memory")))
            return
        }
        transfer.handle = handle
        active[ObjectIdentifier(transfer)] = transfer
        if let code = options.apply(to: handle, for: transfer) {
            fail(transfer, HTTPError(code, transfer: transfer, wasSent: false))
        } else if curl_multi_add_handle(multi, handle) != CURLM_OK {
            fail(transfer, HTTPError(.closed, "out of memory"))
        }
    }

    /// - Returns: Whether any was.
    private func finishCompleted() -> Bool {
        var left: Int32 = 0
        var hasFinished = false
        while let message = curl_multi_info_read(multi, &left) {
            hasFinished = true
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
            let code = plumb_curl_message_result(message)
            var context: UnsafeMutableRawPointer?
            _ = plumb_curl_get_pointer(handle, CURLINFO_PRIVATE, &context)
            guard let context else { continue }
            let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            if code == CURLE_OK {
                var status = 0
                _ = plumb_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
                transfer.response.status = status
                let response = transfer.response
                release(transfer)
                transfer.finish(.success(response))
            } else {
                fail(transfer, HTTPError(code, transfer: transfer, wasSent: wasSent(transfer)))
            }
        }
        return hasFinished
    }

    private func fail(_ transfer: Transfer, _ error: HTTPError) {
        release(transfer)
        transfer.finish(.failure(error))
    }

    /// Gives the easy handle back. Its header lists live as long as the transfer, which outlives this.
    private func release(_ transfer: Transfer) {
        active[ObjectIdentifier(transfer)] = nil
        guard let handle = transfer.handle else { return }
        transfer.handle = nil
        _ = curl_multi_remove_handle(multi, handle)
        if idle.count < Self.idleMax, !transfer.request.expectsLargeAnswer {
            curl_easy_reset(handle)
            idle.append(handle)
        } else {
            curl_easy_cleanup(handle)
        }
    }

    /// Whether any byte of the request left.
    private func wasSent(_ transfer: Transfer) -> Bool {
        guard let handle = transfer.handle else { return false }
        var bytes = 0
        _ = plumb_curl_get_long(handle, CURLINFO_REQUEST_SIZE, &bytes)
        return bytes > 0
    }
}
