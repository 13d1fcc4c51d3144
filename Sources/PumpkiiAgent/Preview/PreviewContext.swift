internal import Hummingbird
internal import NIOCore

/// What the preview knows about one request: the library's part, and the channel it came over.
struct PreviewContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }
}
